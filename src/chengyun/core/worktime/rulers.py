"""A ruler lays counted time on one line of ticks since EPOCH, so that adding time is two look-ups.

`measure(moment)` says how much counted time lay before the moment; `at(ticks, late=…)` is its inverse. Where the count
stands still (a night, a lunch break, a holiday) many instants have one measure: `late=False` gives the first of them
(a deadline ends at 18:00), `late=True` the last (counting begins at 08:00).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chengyun.core.worktime.units import DAY_TICKS, TICKS_PER_SECOND

# Civil time is Asia/Shanghai, UTC+8 without interruption since the last summer time ended in September 1991; a fixed
# offset from an epoch after that is exact and keeps zone look-ups out of the inner loop.
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
FIRST_DAY = dt.date(2000, 1, 1)
EPOCH = dt.datetime(2000, 1, 1, tzinfo=SHANGHAI).astimezone(dt.UTC)
LAST_YEAR = 2199  # a limit that reaches further is a slip of the pen, not a deadline
TICK = dt.timedelta(microseconds=1)


class Ruler(Protocol):
    def measure(self, moment: dt.datetime) -> int: ...

    def at(self, ticks: int, *, late: bool) -> dt.datetime: ...


@dataclass(frozen=True, slots=True)
class Shift:
    """The working stretches of one day, and how many ticks the whole of them counts for."""

    spans: tuple[tuple[int, int], ...]
    ticks: int

    @property
    def length(self) -> int:
        return sum(end - begin for begin, end in self.spans)

    def elapsed(self, moment: int) -> int:
        worked = sum(min(moment, end) - begin for begin, end in self.spans if moment > begin)
        return worked if self.ticks == (length := self.length) else worked * self.ticks // length

    def moment(self, ticks: int, *, late: bool) -> int:
        left = ticks
        if self.ticks != (length := self.length):
            left = -(-ticks * length // self.ticks)  # rounded up, the inverse of the rounding down above
        for begin, end in self.spans:
            worked = end - begin
            if left < worked or (left == worked and not late):
                return begin + left
            left -= worked
        return self.spans[-1][1]


class Table(NamedTuple):
    """`starts[i]`: ticks counted before day i since FIRST_DAY; `shifts[i]`: that day's shift, None on a day off."""

    starts: tuple[int, ...]
    shifts: tuple[Shift | None, ...]


class ElapsedRuler:
    """Continuous time: every microsecond counts."""

    def measure(self, moment: dt.datetime) -> int:
        return _since_epoch(moment) // TICK

    def at(self, ticks: int, *, late: bool) -> dt.datetime:
        return _moment(*divmod(ticks, DAY_TICKS))


class WorkedRuler:
    """Counted time of working days only; the table of days grows year by year as it is asked for."""

    def __init__(self, shift_on: Callable[[dt.date], Shift | None]) -> None:
        self._shift_on = shift_on
        self._table = Table((0,), ())

    def measure(self, moment: dt.datetime) -> int:
        since = _since_epoch(moment)
        table = self._grown_until(lambda table: len(table.shifts) > since.days)
        shift = table.shifts[since.days]
        if shift is None:
            return table.starts[since.days]
        return table.starts[since.days] + shift.elapsed(since.seconds * TICKS_PER_SECOND + since.microseconds)

    def at(self, ticks: int, *, late: bool) -> dt.datetime:
        if ticks < 0:
            raise ValueError(f"working time is counted from {FIRST_DAY}")
        starts, shifts = self._grown_until(lambda table: table.starts[-1] > ticks)
        index = (bisect_right(starts, ticks) if late or not ticks else bisect_left(starts, ticks)) - 1
        shift = shifts[index]
        assert shift is not None  # the count grows on working days only, and both searches land on growth
        return _moment(index, shift.moment(ticks - starts[index], late=late))

    def _grown_until(self, is_enough: Callable[[Table], bool]) -> Table:
        """Threads may grow the table at once: each works on its own copy and hands over only a whole one."""
        table = self._table
        if is_enough(table):
            return table
        while not is_enough(table):
            table = _with_next_year(table, self._shift_on)
        self._table = table
        return table


def _with_next_year(table: Table, shift_on: Callable[[dt.date], Shift | None]) -> Table:
    starts, shifts = list(table.starts), list(table.shifts)
    day = FIRST_DAY + dt.timedelta(days=len(shifts))
    year = day.year
    if year > LAST_YEAR:
        raise ValueError(f"working time is counted up to the year {LAST_YEAR}")
    while day.year == year:
        shift = shift_on(day)
        shifts.append(shift)
        starts.append(starts[-1] + (0 if shift is None else shift.ticks))
        day += dt.timedelta(days=1)
    return Table(tuple(starts), tuple(shifts))


def _since_epoch(moment: dt.datetime) -> dt.timedelta:
    since = moment - EPOCH  # a naive datetime fails here, as it should
    if since.days < 0:
        raise ValueError(f"working time is counted from {FIRST_DAY}")
    return since


def _moment(day: int, ticks: int) -> dt.datetime:
    return EPOCH + dt.timedelta(day, 0, ticks)
