"""The periods of evaluation by name: 2025, 2025-Q3, 2025-07, 2025-W31, 2025-07-14. Pure but for its words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.insight.figures.periods import Period

DAY: Final = dt.timedelta(days=1)
LENGTHS: Final[dict[str, Text]] = {
    "day": T("日"), "week": T("周"), "month": T("月"), "quarter": T("季"), "year": T("年"),
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A named period: its length, its name, its days."""

    length: str
    key: str
    period: Period

    @property
    def title(self) -> str:
        first = self.period.first
        told = {"y": first.year, "m": first.month, "d": first.day, "q": (first.month + 2) // 3,
                "w": first.isocalendar().week, "wy": first.isocalendar().year}  # fmt: skip
        match self.length:
            case "day":
                return _("%(y)d年%(m)d月%(d)d日") % told
            case "week":
                return _("%(wy)d年第%(w)d周") % told
            case "month":
                return _("%(y)d年%(m)d月") % told
            case "quarter":
                return _("%(y)d年第%(q)d季度") % told
            case _length:
                return _("%(y)d年") % told

    @property
    def previous(self) -> Span:
        return around(self.length, self.period.first - DAY)

    @property
    def following(self) -> Span:
        return around(self.length, self.period.last + DAY)

    def is_over(self, today: dt.date) -> bool:
        return self.period.last < today


def around(length: str, day: dt.date) -> Span:
    """The day, week (from Monday), month, quarter or year in which `day` lies."""
    match length:
        case "day":
            first = last = day
            key = day.isoformat()
        case "week":
            first = day - day.weekday() * DAY
            last = first + 6 * DAY
            key = first.strftime("%G-W%V")
        case "month":
            first, last = day.replace(day=1), _month_end(day)
            key = first.strftime("%Y-%m")
        case "quarter":
            first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
            last = _month_end(first.replace(month=first.month + 2))
            key = f"{first.year:04}-Q{(first.month + 2) // 3}"
        case "year":
            first, last = day.replace(month=1, day=1), day.replace(month=12, day=31)
            key = f"{first.year:04}"
        case _:
            raise UserError(_("没有“%s”这种周期") % length[:20], field="period")
    return Span(length, key, Period(first, last))


def _month_end(day: dt.date) -> dt.date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


_SHAPES: Final[tuple[tuple[str, str, Callable[[re.Match[str]], dt.date]], ...]] = (
    ("year", r"(\d{4})", lambda m: dt.date(int(m[1]), 1, 1)),
    ("quarter", r"(\d{4})-?Q([1-4])", lambda m: dt.date(int(m[1]), int(m[2]) * 3 - 2, 1)),
    ("month", r"(\d{4})-(\d{2})", lambda m: dt.date(int(m[1]), int(m[2]), 1)),
    ("week", r"(\d{4})-?W(\d{2})", lambda m: dt.date.fromisocalendar(int(m[1]), int(m[2]), 1)),
    ("day", r"(\d{4})-(\d{2})-(\d{2})", lambda m: dt.date(int(m[1]), int(m[2]), int(m[3]))),
)


def read(text: str) -> Span:
    """Raises UserError on what names no period."""
    for length, shape, day in _SHAPES:
        match = re.fullmatch(shape, text.strip(), re.ASCII)
        if match:
            try:
                span = around(length, day(match))
                # A result is compared with the period before it and leads to the one after it.
                neighbours(span)
                return span
            except (ValueError, OverflowError):
                break
            except UserError:
                raise UserError(
                    _("周期“%s”太早或太晚，请写 1970 年之后、2199 年之前的周期") % text[:20], field="period"
                ) from None
    raise UserError(
        _("周期“%s”读不懂，请写成 2025、2025-Q3、2025-07、2025-W31 或 2025-07-14") % text[:20], field="period"
    )


def neighbours(span: Span) -> tuple[Span, Span]:
    """Raises UserError at the beginning and the end of all time."""
    return span.previous, span.following


def up_to(span: Span, most: int) -> list[Span]:
    """The last periods up to this one, oldest first: fewer at the beginning of all time."""
    found = [span]
    while len(found) < most:
        try:
            found.insert(0, found[0].previous)
        except UserError:
            break
    return found


def latest_over(length: str, today: dt.date) -> Span:
    """The last that is over."""
    return around(length, today).previous
