"""The national calendar that ships with the product, and what serves a year whose notice is not published yet.

The State Council publishes each year's days off and 调休 days in the autumn before. Until a year is published it is
served provisionally: weekends, and those statutory days whose date needs no notice. These are 元旦, 劳动节 and 国庆节
(全国年节及纪念日放假办法; 2 May was added from 2025) and 清明节, which is a solar term and can be computed. The
lunar festivals (春节, 端午节, 中秋节) and every 调休 are left out rather than guessed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from chinese_calendar.constants import holidays, workdays
from chinese_calendar.utils import get_solar_terms

SHIPPED_YEARS = frozenset(day.year for day in holidays)
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
SECOND_LABOUR_DAY_SINCE = 2025
SOLAR_TERMS_KNOWN = range(2000, 2100)  # the years for which the formula's constant holds


@dataclass(frozen=True, slots=True)
class Day:
    """A day whose state differs from what its weekday says, or which a notice names."""

    date: dt.date
    is_working: bool
    name: str = ""


@cache
def shipped_days() -> tuple[Day, ...]:
    """Every day off and every 调休 day of the shipped years (2004–2026), in order of date."""
    days = [Day(day, False, NAMES.get(name, name)) for day, name in holidays.items()]
    days += [Day(day, True, NAMES.get(name, name)) for day, name in workdays.items()]
    return tuple(sorted(days, key=lambda day: day.date))


@cache
def fixed_holidays(year: int) -> dict[dt.date, str]:
    days = {dt.date(year, month, day): name for (month, day), name in FIXED.items()}
    if year >= SECOND_LABOUR_DAY_SINCE:
        days[dt.date(year, 5, 2)] = "劳动节"
    if year in SOLAR_TERMS_KNOWN:
        (qingming,) = (
            day for day, term in get_solar_terms(dt.date(year, 4, 1), dt.date(year, 4, 15)) if term == "清明"
        )
        days[qingming] = "清明节"
    return days
