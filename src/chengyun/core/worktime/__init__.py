"""Working time: pure functions over a frozen calendar; no Django, no database, no clock.

units.py       the five units, and what one of each counts for
calendar.py    `Calendar`: working periods per season, days off and 调休 days, published years
statutory.py   the national holidays that ship with the product, and what a year without a notice falls back to
rulers.py      a unit's time laid on one growing line, so that adding is a look-up and never a walk
arithmetic.py  `due`, `reached`, `used`, `remaining`, `subtract`
"""

from chengyun.core.worktime.arithmetic import (
    Due,
    due,
    next_counted_instant,
    reached,
    remaining,
    rests_on_provisional,
    subtract,
    used,
)
from chengyun.core.worktime.calendar import Calendar, DayRule, Period, statutory_calendar
from chengyun.core.worktime.statutory import Day
from chengyun.core.worktime.units import PLACES, Unit, exact

__all__ = [
    "PLACES",
    "Calendar",
    "Day",
    "DayRule",
    "Due",
    "Period",
    "Unit",
    "due",
    "exact",
    "next_counted_instant",
    "reached",
    "remaining",
    "rests_on_provisional",
    "statutory_calendar",
    "subtract",
    "used",
]
