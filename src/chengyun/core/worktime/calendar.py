"""A working calendar: which hours of which days are worked. Frozen, so that a version of it never changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from chengyun.core.worktime.rulers import ElapsedRuler, Ruler, Shift, WorkedRuler
from chengyun.core.worktime.statutory import SHIPPED_YEARS, Day, fixed_holidays, shipped_days
from chengyun.core.worktime.units import DAY_TICKS, TICKS_PER_SECOND, Unit

DayRule = Literal["eight_hours", "nth_day"]
MonthDay = tuple[int, int]
SATURDAY = 5
LEAP_YEAR = 2024  # any year with a 29 February: seasons are checked on all 366 days


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of every working day in a season; `first`..`last` may wrap the year end, `ends` 00:00 is midnight."""

    begins: dt.time
    ends: dt.time
    first: MonthDay = (1, 1)
    last: MonthDay = (12, 31)

    def holds_on(self, day: dt.date) -> bool:
        today = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last

    @property
    def span(self) -> tuple[int, int]:
        """Begin and end in microseconds of the civil day."""
        return _since_midnight(self.begins), _since_midnight(self.ends) or DAY_TICKS


ALL_YEAR = (Period(dt.time(8), dt.time(12)), Period(dt.time(14), dt.time(18)))


@dataclass(frozen=True)
class Calendar:
    """`days` are exceptions from Monday-to-Friday; a year outside `published_years` is served provisionally.

    `day_rule` says what a 工作日 is: "eight_hours" (8 working hours) or "nth_day" (the same point of the nth working
    day; the two differ only where a working day has not exactly eight hours).
    """

    periods: tuple[Period, ...] = ALL_YEAR
    days: tuple[Day, ...] = ()
    published_years: frozenset[int] = frozenset()
    version: int = 0
    day_rule: DayRule = "eight_hours"

    def __post_init__(self) -> None:
        for problem in period_problems(self.periods):
            raise ValueError(problem)

    def is_provisional(self, year: int) -> bool:
        return year not in self.published_years

    def is_working(self, day: dt.date) -> bool:
        stated = self._stated.get(day)
        if stated is not None:
            return stated.is_working
        if day.weekday() >= SATURDAY:
            return False
        return not (self.is_provisional(day.year) and day in fixed_holidays(day.year))

    def name_of(self, day: dt.date) -> str:
        """Why the day is as it is: the holiday's name, also on the 调休 day that is worked for it."""
        stated = self._stated.get(day)
        if stated is not None:
            return stated.name
        return fixed_holidays(day.year).get(day, "") if self.is_provisional(day.year) else ""

    def spans_on(self, day: dt.date) -> tuple[tuple[int, int], ...]:
        """Working stretches of the day in microseconds since its midnight; none on a day off."""
        if not self.is_working(day):
            return ()
        return _spans_in_season(self.periods, (day.month, day.day))

    def ruler(self, unit: Unit) -> Ruler:
        return self._rulers[unit]

    @cached_property
    def _stated(self) -> dict[dt.date, Day]:
        return {day.date: day for day in self.days}

    @cached_property
    def _rulers(self) -> dict[Unit, Ruler]:
        elapsed, worked = ElapsedRuler(), WorkedRuler(self._worked_shift)
        whole_days = WorkedRuler(self._civil_day_shift)
        days = worked if self.day_rule == "eight_hours" else WorkedRuler(self._even_shift)
        return {
            Unit.URGENT_HOUR: elapsed,
            Unit.URGENT_DAY: elapsed,
            Unit.WORKING_HOUR: worked,
            Unit.WORKING_DAY: days,
            Unit.STATUTORY_DAY: whole_days,
        }

    def _worked_shift(self, day: dt.date) -> Shift | None:
        spans = self.spans_on(day)
        return Shift(spans, sum(end - begin for begin, end in spans)) if spans else None

    def _even_shift(self, day: dt.date) -> Shift | None:
        """Every working day counts for the same, however many hours it has."""
        spans = self.spans_on(day)
        return Shift(spans, DAY_TICKS) if spans else None

    def _civil_day_shift(self, day: dt.date) -> Shift | None:
        return Shift(((0, DAY_TICKS),), DAY_TICKS) if self.is_working(day) else None


@cache
def statutory_calendar(
    periods: tuple[Period, ...] = ALL_YEAR, day_rule: DayRule = "eight_hours", version: int = 0
) -> Calendar:
    """The calendar of an installation that has imported nothing yet."""
    return Calendar(periods, shipped_days(), SHIPPED_YEARS, version, day_rule)


def period_problems(periods: tuple[Period, ...]) -> list[str]:
    """What is wrong with a set of periods, in words for developers; empty when all 366 days are served."""
    problems = [f"{p.begins:%H:%M}–{p.ends:%H:%M} ends before it begins" for p in periods if p.span[0] >= p.span[1]]
    day = dt.date(LEAP_YEAR, 1, 1)
    while day.year == LEAP_YEAR and not problems:
        spans = _spans_in_season(periods, (day.month, day.day))
        if not spans:
            problems.append(f"no working period on {day:%m-%d}")
        if any(after[0] < before[1] for before, after in zip(spans, spans[1:], strict=False)):
            problems.append(f"working periods overlap on {day:%m-%d}")
        day += dt.timedelta(days=1)
    return problems


def _spans_in_season(periods: tuple[Period, ...], today: MonthDay) -> tuple[tuple[int, int], ...]:
    day = dt.date(LEAP_YEAR, *today)
    return tuple(sorted(period.span for period in periods if period.holds_on(day)))


def _since_midnight(time: dt.time) -> int:
    return (time.hour * 3600 + time.minute * 60 + time.second) * TICKS_PER_SECOND + time.microsecond
