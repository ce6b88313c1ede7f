"""The periods that a target is set for: a year, a quarter or a month, written 2026, 2026-Q1, 2026-03. Pure."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.errors import UserError
from chengyun.insight.figures.periods import Period

# What the statistics reach, too.
EARLIEST: Final = 2000
LATEST: Final = 2099
_WRITTEN: Final = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


class SpanKind(TextChoices):
    YEAR = "year", gettext_lazy("年度")
    QUARTER = "quarter", gettext_lazy("季度")
    MONTH = "month", gettext_lazy("月度")


@dataclass(frozen=True)
class Span:
    """`number` counts the quarters or months of the year from 1; a year's is 1."""

    kind: str
    year: int
    number: int = 1

    def __str__(self) -> str:
        match self.kind:
            case SpanKind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case SpanKind.MONTH:
                return f"{self.year}-{self.number:02}"
            case _:
                return str(self.year)

    @property
    def title(self) -> str:
        said = {"year": self.year, "number": self.number}
        match self.kind:
            case SpanKind.QUARTER:
                return _("%(year)d 年 %(number)d 季度") % said
            case SpanKind.MONTH:
                return _("%(year)d 年 %(number)d 月") % said
            case _:
                return _("%(year)d 年") % said

    @property
    def period(self) -> Period:
        length = {SpanKind.QUARTER: 3, SpanKind.MONTH: 1}.get(SpanKind(self.kind), 12)
        first, last = (self.number - 1) * length + 1, self.number * length
        return Period(dt.date(self.year, first, 1), dt.date(self.year, last, monthrange(self.year, last)[1]))


def read(text: str) -> Span:
    """As it is written. Raises UserError where it cannot be read, or lies before 2000 or after 2099."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if not found or not EARLIEST <= int(found[1]) <= LATEST:
        raise UserError(_("时段“%s”读不懂，请写成 2026、2026-Q1 或 2026-03") % text[:20], field="span")
    year, quarter, month = found.groups()
    if quarter:
        return Span(SpanKind.QUARTER, int(year), int(quarter))
    return Span(SpanKind.MONTH, int(year), int(month)) if month else Span(SpanKind.YEAR, int(year))


def span_of(kind: str, first: dt.date) -> Span:
    """The period of this kind that begins on `first`."""
    number = {SpanKind.QUARTER: (first.month + 2) // 3, SpanKind.MONTH: first.month}.get(SpanKind(kind), 1)
    return Span(kind, first.year, number)


def spans_of(year: int) -> list[Span]:
    """The year, its quarters, its months."""
    quarters = [Span(SpanKind.QUARTER, year, number) for number in range(1, 5)]
    return [Span(SpanKind.YEAR, year), *quarters, *months_of(year)]


def months_of(year: int) -> list[Span]:
    return [Span(SpanKind.MONTH, year, number) for number in range(1, 13)]
