"""When things happen: through the year, the week and the day, in the county's own time."""

from __future__ import annotations

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Monday first: collectors walk on six days, the streets are fuller on working days.
WEEKDAYS = (11, 10, 10, 10, 11, 7, 5)
MONTHS = (9, 7, 10, 10, 11, 11, 12, 12, 10, 9, 9, 9)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def draw_days(random: Random, days: list[dt.date], count: int) -> list[dt.date]:
    """`count` days in order, as often as their weekday and month deserve."""
    weights = [WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] for day in days]
    return sorted(random.choices(days, weights, k=count))


def instant_on(random: Random, day: dt.date, hours: tuple[int, ...]) -> dt.datetime:
    hour = random.choices(range(24), hours)[0]
    local = dt.datetime(day.year, day.month, day.day, hour, random.randrange(60), random.randrange(60), tzinfo=SHANGHAI)
    return local.astimezone(dt.UTC)


def minutes(random: Random, low: float, high: float) -> dt.timedelta:
    return dt.timedelta(seconds=round(60 * random.uniform(low, high)))
