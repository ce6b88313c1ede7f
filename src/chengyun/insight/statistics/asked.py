"""A question as the address holds it: shared, saved and sent as it stands there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.errors import UserError
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator, find
from chengyun.insight.figures.links import narrowing
from chengyun.insight.figures.measuring import dimension
from chengyun.insight.figures.periods import COMPARED_YEARS, Period, check_day
from chengyun.insight.statistics import periods
from chengyun.people.access import Actor

Where = Mapping[str, Sequence[Key]]

MOST_INDICATORS: Final = 6
MOST_VALUES: Final = 60
MOST_DAYS: Final = 366 * 11
TOPS: Final = (5, 10, 20, 50)
COMPARISONS: Final = {"year": gettext_lazy("同比"), "before": gettext_lazy("环比")}
CHARTS: Final = {"bar": gettext_lazy("柱形"), "line": gettext_lazy("折线"), "none": gettext_lazy("不画图")}
DEFAULT_SPAN: Final = "month"


@dataclass(frozen=True)
class Asked:
    indicators: tuple[Indicator, ...]
    rows: str
    period: Period
    # The name of the period, blank where its days were given.
    span: str = ""
    columns: str = ""
    where: Where = field(default_factory=dict)
    compare: tuple[str, ...] = ()
    # How many rows stand alone; the rest is one. 0: all.
    top: int = 0
    # "" as is usual, "key", "value" upward or "-value" downward.
    sort: str = ""
    chart: str = "bar"

    @property
    def by(self) -> tuple[str, ...]:
        return (self.rows, self.columns) if self.columns else (self.rows,)

    def frame(self) -> str:
        """Period and conditions alone, which all pages of 统计 share."""
        return urlencode([pair for pair in self._pairs() if pair[0] in ("span", "from", "to", "where")])

    def query(self, **changed: object) -> str:
        """The address of this question, one spelling for each, with parts of it changed."""
        asked = replace(self, **changed) if changed else self  # type: ignore[arg-type]
        return urlencode(asked._pairs())

    def _pairs(self) -> list[tuple[str, object]]:
        days = [("span", self.span)] if self.span else [
            ("from", self.period.first.isoformat()), ("to", self.period.last.isoformat())
        ]  # fmt: skip
        pairs: list[tuple[str, object]] = [
            *(("i", each.key) for each in self.indicators), ("by", self.rows), ("and", self.columns), *days,
            *(("where", _pair(key, value)) for key, values in self.where.items() for value in values),
            *(("with", each) for each in self.compare),
            ("top", self.top or ""), ("sort", self.sort), ("chart", self.chart if self.chart != "bar" else ""),
        ]  # fmt: skip
        return [(name, value) for name, value in pairs if value != ""]


def _pair(key: str, value: Key) -> str:
    """Blank: those that have none."""
    return f"{key}:{'' if value is None else value}"


def read(params: QueryDict, today: dt.date, *, by: Actor) -> Asked:
    """Raises UserError with the part that cannot be read. `by` is who asks."""
    asked = Asked(
        indicators=_indicators(params.getlist("i")),
        rows=_dimension(params, "by") or "department",
        columns=_dimension(params, "and"),
        where=_where(params.getlist("where"), by),
        compare=tuple(each for each in COMPARISONS if each in _split(params.getlist("with"))),
        top=_top(params.get("top", "")),
        sort=_one_of(params, "sort", ("", "key", "value", "-value"), ""),
        chart=_one_of(params, "chart", tuple(CHARTS), "bar"),
        **_period(params, today),  # type: ignore[arg-type]
    )
    if asked.columns == asked.rows:
        asked = replace(asked, columns="")
    if asked.columns and len(asked.indicators) > 1:
        raise UserError(_("两个维度交叉时只能选一个指标；请去掉其余指标，或不选列维度"), field="and")
    return asked


def _split(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _indicators(values: Sequence[str]) -> tuple[Indicator, ...]:
    keys = list(dict.fromkeys(_split(values))) or ["filed"]
    if len(keys) > MOST_INDICATORS:
        raise UserError(_("一张表最多 %d 个指标，请减少") % MOST_INDICATORS, field="i")
    found = [(key, find(key)) for key in keys]
    unknown = [key for key, each in found if each is None]
    if unknown:
        raise UserError(_("没有指标“%(name)s”，请从列表中选择") % {"name": unknown[0][:40]}, field="i")
    return tuple(each for _key, each in found if each)


def _dimension(params: QueryDict, name: str) -> str:
    key = params.get(name, "").strip()
    return dimension(key).key if key else ""


def _one_of(params: QueryDict, name: str, known: Sequence[str], otherwise: str) -> str:
    value = params.get(name, "").strip() or otherwise
    if value not in known:
        said = {"name": name, "value": value[:40], "known": "、".join(filter(None, known))}
        raise UserError(_("%(name)s 不能是“%(value)s”，可用的有：%(known)s") % said, field=name)
    return value


def _top(text: str) -> int:
    if not text.strip():
        return 0
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text)):
        raise UserError(_("“只列前几名”应是 1 到 999 的整数，“%s”不是") % text[:20], field="top")
    return int(text)


def _period(params: QueryDict, today: dt.date) -> dict[str, object]:
    first, last = _day(params, "from"), _day(params, "to")
    span = params.get("span", "").strip()
    if (first or last) and not span:
        first, last = first or (last or today).replace(day=1), last or today
        period = Period(first, last)
        if (last - first).days > MOST_DAYS:
            raise UserError(_("期间最长十一年，请缩短"), field="from")
        return {"period": period, "span": ""}
    if span and span not in periods.SPANS:
        raise UserError(
            _("没有名为“%(span)s”的期间，可用的有：%(known)s") % {"span": span[:40], "known": "、".join(periods.SPANS)},
            field="span",
        )
    return {"period": periods.named(span or DEFAULT_SPAN, today), "span": span or DEFAULT_SPAN}


def _day(params: QueryDict, name: str) -> dt.date | None:
    text = params.get(name, "").strip()
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(_("日期“%s”读不懂，请写成 2026-01-31") % text[:40], field=name) from None
    if day:
        check_day(name, day, COMPARED_YEARS)
    return day


def _where(pairs: Sequence[str], by: Actor) -> Where:
    """`township:990126001`; what a form left blank does not count, the same twice counts once."""
    given = list(dict.fromkeys(pair.strip() for pair in pairs if pair.strip()))
    if len(given) > MOST_VALUES:
        raise UserError(_("筛选条件最多 %d 个，请减少") % MOST_VALUES, field="where")
    return narrowing(given, ":", by=by)
