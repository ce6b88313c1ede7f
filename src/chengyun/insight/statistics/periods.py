"""Periods by name, and with what a period is compared. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import Text
from chengyun.insight.figures.periods import Period

DAY: Final = dt.timedelta(days=1)
WEEK: Final = dt.timedelta(days=7)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _last_month(day: dt.date) -> Period:
    last = day.replace(day=1) - DAY
    return Period(last.replace(day=1), last)


# A name stays true tomorrow: saved questions and subscriptions keep it instead of days.
SPANS: Final[dict[str, tuple[Text, Callable[[dt.date], Period]]]] = {
    "yesterday": (_("昨天"), lambda day: Period(day - DAY, day - DAY)),
    "week": (_("本周"), lambda day: Period(_monday(day), day)),
    "last_week": (_("上周"), lambda day: Period(_monday(day) - WEEK, _monday(day) - DAY)),
    "month": (_("本月"), lambda day: Period(day.replace(day=1), day)),
    "last_month": (_("上月"), _last_month),
    "days30": (_("近 30 天"), lambda day: Period(day - 29 * DAY, day)),
    "year": (_("今年"), lambda day: Period(day.replace(month=1, day=1), day)),
    "last_year": (_("去年"), lambda day: Period(dt.date(day.year - 1, 1, 1), dt.date(day.year - 1, 12, 31))),
}


def named(span: str, day: dt.date) -> Period:
    return SPANS[span][1](day)


def year_before(period: Period) -> Period:
    """同比: the same days of the year before; a period that ends with its month still does."""
    return _months_before(period, 12)


def just_before(period: Period) -> Period:
    """环比: from the first of a month, as many months earlier; a week, the week before; else as many days before."""
    if period.first.day == 1 and (period.last - period.first >= 27 * DAY or period.last.day < 28):
        months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
        if months == 1 or _ends_month(period.last):
            return _months_before(period, months)
    length = period.last - period.first + DAY
    if period.first.weekday() == 0 and length <= WEEK:
        return Period(period.first - WEEK, period.last - WEEK)
    return Period(period.first - length, period.last - length)


def _months_before(period: Period, months: int) -> Period:
    last = _shifted(period.last, months)
    if _ends_month(period.last) and period.first.day == 1:
        last = _month_end(last)
    return Period(_shifted(period.first, months), last)


def _shifted(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 - months
    first = dt.date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, _month_end(first).day))


def _month_end(day: dt.date) -> dt.date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def _ends_month(day: dt.date) -> bool:
    return day == _month_end(day)


# --- the keys of a dimension of time ----------------------------------------------------------------------------------

# Their keys name days: those of another period are other keys, and the nth stands beside the nth.
DATED: Final = {"year": "%Y", "month": "%Y-%m", "week": "%G-W%V", "day": "%Y-%m-%d"}
ROUND: Final = {"weekday": range(1, 8), "hour": range(24), "season": range(1, 5)}
TIMELY: Final = frozenset({*DATED, *ROUND})


def keys_of(dimension: str, period: Period) -> list[str] | list[int]:
    """Every key of a dimension of time that the period touches, in order, also those at which nothing happened."""
    if dimension in ROUND:
        return list(ROUND[dimension])
    days = (period.first + number * DAY for number in range((period.last - period.first).days + 1))
    found = list(dict.fromkeys(day.strftime(DATED[dimension]) for day in days))
    return [int(each) for each in found] if dimension == "year" else found
