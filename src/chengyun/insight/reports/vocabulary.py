"""What a Word template may call: figures, comparisons, tables, the office's texts, the modules' sections.

    {{ figure('closed') }}                        the indicator of the report's period
    {{ figure('filed', 'year', 'source=hotline') }}  of another period, narrowed
    {{ change('closed', 'last_year') }}           how the report's period stands to another
    {%tr for row in table('filed,closed', 'department') %} {{ row.name }} {{ row.filed }}
    {{ target('closing_rate') }} {{ deviation('closing_rate') }}   what was wanted of it, how far it is from that
    {%tr for row in targets('year') %}            all targets within the period, of one kind of span or of all
    {%p for line in text('problems', '存在问题') %}   what the office writes
    {%p for section in sections() %}              what modules tell

Arguments are words in quotes, so that every reference is known before anything is measured.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.insight.figures.dimensions import DIMENSIONS, Key
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.links import narrowing
from chengyun.insight.reports.periods import WORDS
from chengyun.insight.targets.spans import SpanKind
from chengyun.people.access import SYSTEM

MOST_CALLS: Final = 300
MOST_TABLES: Final = 30
MOST_ROWS: Final = 60
MOST_COLUMNS: Final = 12
LONGEST: Final = 200
TEXT_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")
FUNCTIONS: Final = ("figure", "change", "target", "deviation", "table", "targets", "text", "sections", "nth")
FACTS: Final = ("title", "county", "span", "year", "issuer", "date", "number")


def narrowed(where: str) -> dict[str, list[Key]]:
    """`source=hotline,township=990126001`."""
    return narrowing([pair.strip() for pair in where.split(",") if pair.strip()], by=SYSTEM)


@dataclass(frozen=True)
class FigureRef:
    """One figure of a report: an indicator, a period by its word, a narrowing."""

    key: str
    period: str = "period"
    where: str = ""

    def __post_init__(self) -> None:
        check_indicator(self.key)
        if self.period not in WORDS:
            raise UserError(
                _("没有“%(word)s”这个时段，可用的有：%(known)s") % {"word": self.period[:40], "known": "、".join(WORDS)}
            )
        narrowed(self.where)

    def __str__(self) -> str:
        return f"{self.key}|{self.period}|{self.where}"


@dataclass(frozen=True)
class ChangeRef:
    key: str
    against: str = "last_year"
    period: str = "period"
    where: str = ""

    def figures(self) -> tuple[FigureRef, FigureRef]:
        return FigureRef(self.key, self.period, self.where), FigureRef(self.key, self.against, self.where)

    def __post_init__(self) -> None:
        self.figures()


@dataclass(frozen=True)
class TableRef:
    keys: str
    by: str
    period: str = "period"
    top: int = 0
    where: str = ""

    def __post_init__(self) -> None:
        if self.by not in DIMENSIONS:
            known = "、".join(DIMENSIONS)
            raise UserError(_("没有“%(by)s”这个维度，可用的有：%(known)s") % {"by": self.by[:40], "known": known})
        if not self.columns or len(self.columns) > MOST_COLUMNS:
            raise UserError(_("一张表要有 1 到 %d 个指标，用逗号分开") % MOST_COLUMNS)
        if not 0 <= self.top <= MOST_ROWS:
            raise UserError(_("表的行数应在 0 到 %d 之间，0 为全部") % MOST_ROWS)
        for key in self.columns:
            FigureRef(key, self.period, self.where)

    @property
    def columns(self) -> list[str]:
        return [key.strip() for key in self.keys.split(",") if key.strip()]

    def __str__(self) -> str:
        return f"{self.keys}|{self.by}|{self.period}|{self.top}|{self.where}"


@dataclass(frozen=True)
class TargetRef(FigureRef):
    """What is wanted of a figure; with `target:` before it the reference of a figure of its own."""

    @property
    def ref(self) -> str:
        return f"target:{self}"


@dataclass(frozen=True)
class DeviationRef(TargetRef):
    """How far the figure is from what is wanted of it."""

    @property
    def figure(self) -> FigureRef:
        return FigureRef(self.key, self.period, self.where)


@dataclass(frozen=True)
class TargetsRef:
    """Rows: the targets whose own period lies in the report's."""

    span: str = ""

    def __post_init__(self) -> None:
        if self.span and self.span not in SpanKind.values:
            known = "、".join(SpanKind.values)
            raise UserError(_("没有“%(word)s”这种时段，可用的有：%(known)s") % {"word": self.span[:40], "known": known})

    def __str__(self) -> str:
        return self.span


@dataclass(frozen=True)
class TextRef:
    key: str
    title: str = ""
    # What stands there while nothing is written.
    blank: str = "无。"

    def __post_init__(self) -> None:
        if not TEXT_KEY.fullmatch(self.key):
            raise UserError(_("文字块的代号“%s”应由小写字母、数字和下划线组成，字母开头") % self.key[:40])


@dataclass(frozen=True)
class Nothing:
    """A call without arguments: the sections, the next number of a heading."""


Ref = FigureRef | ChangeRef | TableRef | TargetsRef | TextRef | Nothing
_READ: Final[dict[str, type[Any]]] = {
    "figure": FigureRef, "change": ChangeRef, "target": TargetRef, "deviation": DeviationRef, "table": TableRef,
    "targets": TargetsRef, "text": TextRef, "sections": Nothing, "nth": Nothing,
}  # fmt: skip


def check_indicator(key: str) -> None:
    if find(key) is None:
        raise UserError(_("没有“%s”这个指标；可用的指标列在模板页上") % key[:40])


def read(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Ref:
    """A call of a template. Raises UserError naming what it cannot be."""
    kind = _READ[name]
    parts = {part.name: part for part in fields(kind)}
    given = dict(zip(parts, arguments, strict=False)) | named
    needed = {part.name for part in parts.values() if part.default is MISSING}
    if len(arguments) > len(parts) or not needed <= set(given) <= set(parts):
        raise UserError(_("%s(…) 的参数个数或名称不对；写法见模板页") % name)
    if not all(_fits(parts[each].type, value) for each, value in given.items()):
        raise UserError(_("%s(…) 的参数应是引号里的词，表的行数是数字") % name)
    found: Ref = kind(**given)
    return found


def _fits(kind: Any, value: Any) -> bool:
    if kind == "int":
        return type(value) is int
    return isinstance(value, str) and len(value) <= LONGEST
