"""Adding, measuring and subtracting working time.

All instants are aware datetimes; results are in UTC. A start outside working time counts from the next working
instant. Within one unit the functions agree with each other: `used(start, due(start, n)) == n`,
`due(start, a + b) == due(due(start, a), b)` (not for 法定工作日, where each start excludes its own day), and
`subtract(due(start, n), n)` is the start, moved to the next counted instant.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from chengyun.core.worktime.calendar import Calendar
from chengyun.core.worktime.rulers import SHANGHAI, TICK
from chengyun.core.worktime.units import Unit, from_ticks, to_ticks

HOUR, EIGHT_HOURS, DAY = 3600, 8 * 3600, 24 * 3600
CONTINUOUS = (Unit.URGENT_HOUR, Unit.URGENT_DAY)
SHANGHAI_OFFSET = dt.timedelta(hours=8)


class Due(NamedTuple):
    at: dt.datetime
    provisional: bool  # rests on a year whose calendar is not published


def due(calendar: Calendar, start: dt.datetime, amount: Decimal | int, unit: Unit) -> Due:
    """When `amount` is used up; 法定工作日 are whole days and end with the day, 24:00."""
    if unit is Unit.STATUTORY_DAY:
        amount = Decimal(amount).to_integral_value(ROUND_CEILING)
    return reached(calendar, start, amount, unit)


def reached(calendar: Calendar, start: dt.datetime, amount: Decimal | int, unit: Unit) -> Due:
    """The instant at which `amount` is used, also inside a 法定工作日: lamps turn yellow before the end."""
    return _due(calendar, start, to_ticks(amount, _seconds(calendar, unit)), unit)


def used(calendar: Calendar, start: dt.datetime, end: dt.datetime, unit: Unit) -> Decimal:
    """Amount of `unit` between two instants; zero when `end` is not after the counted start."""
    ruler = calendar.ruler(unit)
    ticks = ruler.measure(end) - ruler.measure(_count_from(start, unit))
    return from_ticks(max(ticks, 0), _seconds(calendar, unit))


def remaining(calendar: Calendar, now: dt.datetime, due_at: dt.datetime, unit: Unit) -> Decimal:
    """What is left until `due_at`; negative when overdue."""
    ruler = calendar.ruler(unit)
    return from_ticks(ruler.measure(due_at) - ruler.measure(now), _seconds(calendar, unit))


def subtract(calendar: Calendar, end: dt.datetime, amount: Decimal | int, unit: Unit) -> dt.datetime:
    """The latest counted instant from which `amount` ends at `end`."""
    ruler = calendar.ruler(unit)
    return ruler.at(ruler.measure(end) - to_ticks(amount, _seconds(calendar, unit)), late=True)


def next_counted_instant(calendar: Calendar, start: dt.datetime, unit: Unit) -> dt.datetime:
    """Where counting begins: the start itself in working time, else the next working instant."""
    ruler = calendar.ruler(unit)
    return ruler.at(ruler.measure(_count_from(start, unit)), late=True)


def rests_on_provisional(calendar: Calendar, start: dt.datetime, end: dt.datetime, unit: Unit) -> bool:
    """Whether counting from `start` to `end` looks at a year whose calendar is not published."""
    if unit in CONTINUOUS:
        return False
    first = (start.astimezone(dt.UTC) + SHANGHAI_OFFSET).year
    last = max(first, (end + SHANGHAI_OFFSET - TICK).year)  # a day that ends at 24:00 belongs to its own year
    return any(calendar.is_provisional(year) for year in range(first, last + 1))


def _due(calendar: Calendar, start: dt.datetime, ticks: int, unit: Unit) -> Due:
    if ticks < 0:
        raise ValueError("a limit cannot be negative")
    ruler = calendar.ruler(unit)
    counted = ruler.measure(_count_from(start, unit)) + ticks
    # "The same point of the nth working day": a start at 08:00 ends at 08:00, not at 18:00 of the day before.
    same_point = unit is Unit.WORKING_DAY and calendar.day_rule == "nth_day"
    at = ruler.at(counted, late=same_point or ticks == 0)
    return Due(at, rests_on_provisional(calendar, start, at, unit))


def _count_from(start: dt.datetime, unit: Unit) -> dt.datetime:
    if unit is not Unit.STATUTORY_DAY:
        return start
    civil = start.astimezone(SHANGHAI)
    return civil.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)


def _seconds(calendar: Calendar, unit: Unit) -> int:
    if unit is Unit.URGENT_HOUR or unit is Unit.WORKING_HOUR:
        return HOUR
    if unit is Unit.WORKING_DAY and calendar.day_rule == "eight_hours":
        return EIGHT_HOURS
    return DAY
