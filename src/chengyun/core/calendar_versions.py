"""How a version of the working calendar is stored, and what a change makes of the one before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from typing import Any

from django.utils.translation import gettext as _

from chengyun.core.calendar_files import Notice
from chengyun.core.calendar_models import CalendarDay, PublishedYear, WorkCalendar
from chengyun.core.errors import NotFound
from chengyun.core.instants import now
from chengyun.core.worktime.calendar import Calendar, DayRule, Period, statutory_calendar
from chengyun.core.worktime.statutory import SHIPPED_YEARS, Day, shipped_days

SHIPPED = 0


@dataclass(frozen=True)
class Change:
    """What a new version has that the one before had not; days win over those of the same date."""

    name: str
    periods: tuple[Period, ...] | None = None
    day_rule: DayRule | None = None
    days: Iterable[Day] = ()
    years: Collection[int] = ()
    source: str = ""
    replaces: int | None = None  # the year whose earlier days go
    without: frozenset[dt.date] = frozenset()  # single days that go

    @classmethod
    def by_notice(cls, notice: Notice, name: str) -> Change:
        return cls(name, days=notice.days, years=(notice.year,), source=notice.source, replaces=notice.year)


@dataclass(frozen=True)
class Stored:
    periods: tuple[Period, ...]
    day_rule: DayRule
    days: tuple[CalendarDay, ...]
    years: tuple[PublishedYear, ...]


def stored_version(version: int) -> Stored:
    if version == SHIPPED:
        return _shipped()
    row = WorkCalendar.objects.filter(version=version).first()
    if row is None:
        raise NotFound(_("没有第 %(version)s 版工作日历") % {"version": version}, field="version")
    return Stored(
        periods_from_json(row.periods),
        _day_rule(row.day_rule),
        tuple(row.days.order_by("date")),
        tuple(row.published_years.order_by("year")),
    )


def _shipped() -> Stored:
    calendar = statutory_calendar()
    source = f"chinesecalendar {installed_version('chinesecalendar')}"
    days = (_day_row(day, source) for day in shipped_days())
    years = (PublishedYear(year=year, imported_at=now(), source=source) for year in sorted(SHIPPED_YEARS))
    return Stored(calendar.periods, calendar.day_rule, tuple(days), tuple(years))


def _day_row(day: Day, source: str) -> CalendarDay:
    return CalendarDay(date=day.date, is_working=day.is_working, name=day.name, source=source[:200])


def load(version: int) -> Calendar:
    stored = stored_version(version)
    days = tuple(Day(row.date, row.is_working, row.name) for row in stored.days)
    return Calendar(stored.periods, days, frozenset(row.year for row in stored.years), version, stored.day_rule)


def days_after(before: Stored, change: Change, row: WorkCalendar) -> list[CalendarDay]:
    kept = {day.date: day for day in before.days if day.date.year != change.replaces and day.date not in change.without}
    kept |= {day.date: _day_row(day, change.source) for day in change.days}
    return [
        CalendarDay(calendar=row, date=day.date, is_working=day.is_working, name=day.name, source=day.source)
        for day in sorted(kept.values(), key=lambda day: day.date)
    ]


def years_after(before: Stored, change: Change, row: WorkCalendar, at: dt.datetime) -> list[PublishedYear]:
    kept = [
        PublishedYear(calendar=row, year=old.year, imported_at=old.imported_at, source=old.source)
        for old in before.years
        if old.year not in change.years
    ]
    fresh = [
        PublishedYear(calendar=row, year=year, imported_at=at, source=change.source[:200])
        for year in sorted(change.years)
    ]
    return kept + fresh


def periods_to_json(periods: tuple[Period, ...]) -> list[dict[str, Any]]:
    return [
        {
            "begins": f"{period.begins:%H:%M}",
            "ends": f"{period.ends:%H:%M}",
            "first": list(period.first),
            "last": list(period.last),
        }
        for period in periods
    ]


def periods_from_json(stored: list[dict[str, Any]]) -> tuple[Period, ...]:
    return tuple(
        Period(
            dt.time.fromisoformat(period["begins"]),
            dt.time.fromisoformat(period["ends"]),
            (period["first"][0], period["first"][1]),
            (period["last"][0], period["last"][1]),
        )
        for period in stored
    )


def _day_rule(stored: str) -> DayRule:
    return "nth_day" if stored == "nth_day" else "eight_hours"
