"""The periods that a template may name, seen from the report's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.insight.figures.periods import COMPARED_YEARS, Period, check_day
from chengyun.insight.reports.models import Kind

DAY: Final = dt.timedelta(days=1)
LONGEST: Final = dt.timedelta(days=2 * 366)


def around(kind: str, day: dt.date) -> Period:
    """The day, week, month or year in which `day` lies."""
    check_day("day", day, COMPARED_YEARS)
    if kind == Kind.DAILY:
        return Period(day, day)
    if kind == Kind.WEEKLY:
        monday = day - day.weekday() * DAY
        return Period(monday, monday + 6 * DAY)
    if kind == Kind.MONTHLY:
        first = day.replace(day=1)
        return Period(first, (first + 31 * DAY).replace(day=1) - DAY)
    return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))


def chosen(first: dt.date, last: dt.date) -> Period:
    """A topic's period."""
    check_day("day", first, COMPARED_YEARS)
    check_day("last", last, COMPARED_YEARS)
    period = Period(first, last)
    if last - first > LONGEST:
        raise UserError(_("起止最长两年；请修改截止日期"), field="last")
    return period


def _year(period: Period) -> Period:
    return Period(period.last.replace(month=1, day=1), period.last)


WORDS: Final[dict[str, tuple[Text, Callable[[Period], Period]]]] = {
    "period": (gettext_lazy("本期"), lambda period: period),
    "previous": (gettext_lazy("上期"), lambda period: period.previous),
    "last_year": (gettext_lazy("上年同期"), lambda period: period.year_before),
    "year": (gettext_lazy("本年累计"), _year),
    "year_before": (gettext_lazy("上年同期累计"), lambda period: _year(period).year_before),
}


def named(word: str, period: Period) -> Period:
    return WORDS[word][1](period)
