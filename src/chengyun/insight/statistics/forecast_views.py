"""预测: the coming seven days by major class and by township, each with its back-test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.figures.asking import ask
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.links import address
from chengyun.insight.figures.periods import Period
from chengyun.insight.statistics import periods
from chengyun.insight.statistics.forecast import HELD_OUT, Forecast, forecast
from chengyun.insight.statistics.pivot import named
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest

WEEKS: Final = 78
COUNTED: Final = "filed"


@dataclass(frozen=True)
class Line:
    name: str
    forecast: Forecast
    last_url: str

    @property
    def last(self) -> float:
        return self.forecast.weeks[-1]


@require_GET
def page(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "statistics/absent.html")
    day = today()
    groups = [(by, lines_of(request.actor, by, day)) for by in ("major", "township")]
    context = {
        "groups": groups,
        "first": day,
        "last": day + 6 * periods.DAY,
        "days": [day + number * periods.DAY for number in range(7)],
        "held_out": HELD_OUT,
        "has_any": any(lines for _by, lines in groups),
    }
    return render(request, "statistics/forecast.html", context)


def lines_of(actor: Actor, by: str, day: dt.date) -> list[Line]:
    """The busiest first; what does not occur at all in these weeks has no line."""
    period = Period(day - 7 * WEEKS * periods.DAY, day - periods.DAY)
    figure = ask(actor, COUNTED, period, by=(by, "day"))
    series: dict[Key, dict[str, float]] = {}
    for (key, which), value in figure.groups.items():
        series.setdefault(key, {})[which] = value.numerator
    known = {key: days for key, days in series.items() if key}
    names = named(by, list(known))
    last_week = Period(day - 7 * periods.DAY, day - periods.DAY)
    lines = [
        Line(names[key], forecast(_filled(days, period)), address(COUNTED, last_week, {by: [key]}))
        for key, days in known.items()
    ]
    return sorted(lines, key=lambda line: -sum(line.forecast.weeks[-HELD_OUT:]))


def _filled(days: Mapping[str, float], period: Period) -> list[float]:
    """From the first day on which anything was counted; days without are zero."""
    keys = [key for key in periods.keys_of("day", period) if key >= min(days)]  # type: ignore[operator]
    return [days.get(str(key), 0) for key in keys]
