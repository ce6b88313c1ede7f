"""Small multiples: how a figure went month by month, beside what was wanted of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from chengyun.insight.targets.judging import is_sum
from chengyun.insight.targets.lines import Line
from chengyun.insight.targets.measuring import Measured
from chengyun.insight.targets.models import PlanTarget
from chengyun.insight.targets.spans import SpanKind, months_of

# More charts than this nobody compares, and a phone does not draw.
MOST: Final = 12
About = tuple[str, int | None, str]


@dataclass(frozen=True)
class Trend:
    """`chart` is what <city-chart> draws: {"labels", "series"}."""

    line: Line
    name: str
    chart: dict[str, Any]


def about(target: PlanTarget) -> About:
    return target.indicator, target.department_id, target.township_code


def trends_of(
    shown: Sequence[Line], targets: Sequence[PlanTarget], found: Measured, day: dt.date
) -> tuple[list[Trend], int]:
    """One per indicator and object, in the order of the lines; and how many are left out. `targets` are all of the
    year: a month's own target draws its part of the line, wherever else it is listed."""
    first: dict[About, Line] = {}
    for line in shown:
        first.setdefault(about(line.target), line)
    lines = list(first.values())
    return [_trend(line, targets, found, day) for line in lines[:MOST]], max(0, len(lines) - MOST)


def _trend(line: Line, targets: Sequence[PlanTarget], found: Measured, day: dt.date) -> Trend:
    mine = [each for each in targets if about(each) == about(line.target)]
    values = [_plain(value) for value in found.months(line.target, day)]
    labels = [_("%d 月") % month.number for month in months_of(line.target.first.year)]
    series = [{"name": _("完成"), "values": values + [None] * (len(labels) - len(values))}]
    if any(wanted := _wanted(line, mine)):
        series.append({"name": _("目标"), "values": wanted})
    return Trend(line, f"target-trend-{line.target.pk}", {"labels": labels, "series": series})


def _wanted(line: Line, mine: Sequence[PlanTarget]) -> list[float | None]:
    """A month's own target; what is no sum over days holds for each month of its quarter or year."""
    kinds = [SpanKind.MONTH] if is_sum(line.indicator) else [SpanKind.MONTH, SpanKind.QUARTER, SpanKind.YEAR]
    held: list[float | None] = []
    for month in months_of(line.target.first.year):
        day = month.period.first
        over = [each for kind in kinds for each in mine if each.span_kind == kind and each.first <= day <= each.last]
        held.append(float(over[0].wanted) if over else None)
    return held


def _plain(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
