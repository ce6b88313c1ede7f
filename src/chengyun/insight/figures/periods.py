"""Stretches of civil days that figures are asked of, and what they are compared with."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.instants import start_of_day

# No case is older or younger.
YEARS: Final = range(1970, 2200)
# So far within these that each period to compare with lies within them as well.
COMPARED_YEARS: Final = range(2000, 2100)


@dataclass(frozen=True)
class Period:
    """Civil days, both included. Raises UserError where the last lies before the first, or centuries away."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        check_day("from", self.first)
        check_day("to", self.last)
        if self.last < self.first:
            raise UserError(_("结束日期 %(last)s 早于开始日期 %(first)s，请更正") % vars(self), field="to")

    @property
    def since(self) -> dt.datetime:
        return plain(start_of_day(self.first))

    @property
    def until(self) -> dt.datetime:
        return plain(start_of_day(self.last + dt.timedelta(days=1)))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_whole_months(self) -> bool:
        return self.first.day == 1 and (self.last + dt.timedelta(days=1)).day == 1

    @property
    def previous(self) -> Period:
        """环比: as many whole months before, or as many days."""
        before = self.first - dt.timedelta(days=1)
        if self.is_whole_months:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(_months_before(self.first, months), before)
        return Period(before - dt.timedelta(days=self.days - 1), before)

    @property
    def year_before(self) -> Period:
        """同比: the same days of the year before; a month's last day stays its last."""
        first, last = _months_before(self.first, 12), _months_before(self.last, 12)
        if self.is_whole_months:
            last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
        return Period(first, last)


def check_day(name: str, day: dt.date, years: range = YEARS) -> None:
    """Raise UserError for a day beyond these years; `name` is what it was asked as."""
    if day.year not in years:
        said = {"day": day, "first": years[0], "last": years[-1]}
        raise UserError(_("日期 %(day)s 不在 %(first)d 年至 %(last)d 年之间，请更正") % said, field=name)


def _months_before(day: dt.date, months: int) -> dt.date:
    """29 February falls on the 28th."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def plain(moment: dt.datetime) -> dt.datetime:
    """As the facts have it: UTC, without a zone."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Preset:
    title: str
    period: Period


def presets(today: dt.date) -> list[Preset]:
    """What people ask for with one click."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    week = today - dt.timedelta(days=today.weekday())
    return [
        Preset(_("今天"), Period(today, today)),
        Preset(_("本周"), Period(week, today)),
        Preset(_("本月"), Period(month, today)),
        Preset(_("上月"), Period(_months_before(month, 1), month - dt.timedelta(days=1))),
        Preset(_("今年"), Period(year, today)),
        Preset(_("去年"), Period(dt.date(today.year - 1, 1, 1), dt.date(today.year - 1, 12, 31))),
    ]
