"""How a target stands: reached, on the way, close, behind. Pure.

Local rule. A count that adds up over its period (结案数) is compared, while the period runs, with the share of its
working days that are over; what is no sum over days (a share, a mean, a stock) with the target itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chengyun.core.worktime.calendar import Calendar
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.periods import Period

DAY: Final = dt.timedelta(days=1)
# Values are quotients: a hair is no deviation.
HAIR: Final = 1e-9


class State(TextChoices):
    REACHED = "reached", _("已达到")
    ON_WAY = "on_way", _("按进度")
    CLOSE = "close", _("接近")
    BEHIND = "behind", _("落后")
    NOT_BEGUN = "not_begun", _("未开始")
    NO_FIGURE = "no_figure", _("无数据")


LAMPS: Final = {State.REACHED: "green", State.ON_WAY: "green", State.CLOSE: "yellow", State.BEHIND: "red"}
DEVIATING: Final = frozenset({State.CLOSE, State.BEHIND})


@dataclass(frozen=True)
class Wish:
    """What is wanted, in the indicator's unit."""

    wanted: float
    at_least: bool
    tolerance: float = 0
    # Adds up over its period.
    is_sum: bool = False


@dataclass(frozen=True)
class Judged:
    """`due` is what the value is compared with now, `deviation` = value − due; `elapsed` the share of the period's
    working days that count, 0 to 1."""

    state: State
    elapsed: float
    due: float | None = None
    deviation: float | None = None

    @property
    def lamp(self) -> str:
        return LAMPS.get(self.state, "grey")

    @property
    def is_deviating(self) -> bool:
        return self.state in DEVIATING


def is_sum(indicator: Indicator) -> bool:
    return indicator.over is None and bool(indicator.of.when)


def elapsed_share(period: Period, day: dt.date, calendar: Calendar) -> float:
    """Of the working days of the period those before `day`; of a period without any, of all its days."""
    if day > period.last:
        return 1.0
    if day <= period.first:
        return 0.0
    days = [period.first + number * DAY for number in range(period.days)]
    counted = [each for each in days if calendar.is_working(each)] or days
    return sum(each < day for each in counted) / len(counted)


def judge(wish: Wish, value: float | None, period: Period, day: dt.date, calendar: Calendar) -> Judged:
    # Today is not over: it adds nothing yet to what must be there, but already to what may be there.
    elapsed = elapsed_share(period, day if wish.at_least else day + DAY, calendar)
    if day < period.first:
        return Judged(State.NOT_BEGUN, elapsed)
    if value is None:
        return Judged(State.NO_FIGURE, elapsed)
    due = wish.wanted * elapsed if wish.is_sum else wish.wanted
    return Judged(state_of(wish, value, due, is_over=day > period.last), elapsed, due, value - due)


def state_of(wish: Wish, value: float, due: float, *, is_over: bool) -> State:
    """`due` is the part of the wish that the value is compared with: all of it where the period is over."""
    if wish.at_least and wish.is_sum and value >= wish.wanted:
        return State.REACHED
    short = due - value if wish.at_least else value - due
    if short <= HAIR * max(1.0, abs(due)):
        return State.REACHED if is_over else State.ON_WAY
    return State.CLOSE if short <= wish.tolerance + HAIR else State.BEHIND
