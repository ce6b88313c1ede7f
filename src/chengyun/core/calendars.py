"""The county's working calendars: the newest for today's work, any earlier one for what was counted with it.

Version 0 is the shipped calendar (national days 2004–2026, 08:00–12:00 and 14:00–18:00) and needs no database.
`prepare()` writes it down as version 1; every change after that is a new version and announces `calendar.changed`.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import get_args

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chengyun.core import events
from chengyun.core.calendar_files import Notice, read_notice
from chengyun.core.calendar_models import CalendarDay, PublishedYear, WorkCalendar
from chengyun.core.calendar_versions import (
    SHIPPED,
    Change,
    days_after,
    load,
    periods_to_json,
    stored_version,
    years_after,
)
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.core.numbers import next_number
from chengyun.core.who import Doer
from chengyun.core.worktime.calendar import Calendar, DayRule, Period, period_problems, statutory_calendar
from chengyun.core.worktime.statutory import SHIPPED_YEARS, Day, shipped_days

RECHECK_S = 2.0
SERIES = "calendar.version"


@dataclass(frozen=True)
class _Newest:
    versions: Mapping[str, int]  # by region
    checked_at: float


_newest: _Newest | None = None
_loaded: dict[int, Calendar] = {}


# --- asking -----------------------------------------------------------------------------------------------------------


def working_calendar(version: int | None = None, region_code: str = "") -> Calendar:
    """The calendar of a version, else the newest for a place: its region's, the nearest larger one's, the county's."""
    if version is None:
        version = newest_version(region_code)
    if version == SHIPPED:
        return statutory_calendar()
    if _changed_in_this_transaction():
        return load(version)
    if version not in _loaded:
        _loaded[version] = load(version)
    return _loaded[version]


def calendars(versions: Collection[int]) -> dict[int, Calendar]:
    """Everything that replaying a history with these versions needs."""
    return {version: working_calendar(version) for version in versions}


def newest_version(region_code: str = "") -> int:
    versions = _newest_versions()
    for length in range(len(region_code), -1, -1):
        if region_code[:length] in versions:
            return versions[region_code[:length]]
    return SHIPPED


def forget() -> None:
    """Read everything anew at the next question."""
    global _newest
    _newest = None
    _loaded.clear()


# --- changing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def prepare(by: Doer) -> WorkCalendar | None:
    """Write the shipped years down, so that a later release of their source changes no old version; may run twice."""
    fresh = SHIPPED_YEARS - working_calendar().published_years if newest_version() else SHIPPED_YEARS
    if not fresh:
        return None
    source = f"chinesecalendar {installed_version('chinesecalendar')}"
    days = [day for day in shipped_days() if day.date.year in fresh]
    name = _("随产品提供的国家节假日")
    return _new_versions(Change(name, days=days, years=fresh, source=source), by)


@transaction.atomic
def import_year(file: Path | bytes, by: Doer, *, year: int | None = None, force: bool = False) -> WorkCalendar | None:
    """A year's notice as JSON (the holiday-cn schema) or Excel becomes a new version; None when it says nothing new.

    All of it or nothing. `force` takes a notice although it looks incomplete; a wrong, doubled or impossible day is
    never taken.
    """
    return take_notice(read_notice(file, year, force=force), by)


@transaction.atomic
def take_notice(notice: Notice, by: Doer) -> WorkCalendar | None:
    """A year's notice, read and checked, becomes a new version; None when it says nothing new."""
    if _is_known(notice, working_calendar()):
        return None
    name = _("%(year)s 年节假日安排") % {"year": notice.year}
    return _new_versions(Change.by_notice(notice, name), by)


def _is_known(notice: Notice, calendar: Calendar) -> bool:
    present = {day for day in calendar.days if day.date.year == notice.year}
    return not calendar.is_provisional(notice.year) and present == {
        day for day in notice.days if day.date.year == notice.year
    }


@transaction.atomic
def change_days(days: Iterable[Day], by: Doer, *, name: str) -> WorkCalendar:
    """Single days that the county works or has off beside the notice."""
    return _new_versions(Change(name, days=list(days), source=name), by)


@transaction.atomic
def forget_days(days: Collection[dt.date], by: Doer, *, name: str) -> WorkCalendar:
    """Days that are listed no more: each is again what its weekday says."""
    return _new_versions(Change(name, without=frozenset(days)), by)


@transaction.atomic
def change_hours(
    periods: tuple[Period, ...], by: Doer, *, name: str, day_rule: DayRule = "eight_hours", region_code: str = ""
) -> WorkCalendar:
    if period_problems(periods):
        raise UserError(_("工作时段须每天至少一段、先后不重叠，且全年每天都有，请检查起止时间和季节"), field="periods")
    if day_rule not in get_args(DayRule):
        raise UserError(_("“工作日”的算法只能是 eight_hours 或 nth_day"), field="day_rule")
    return _new_version(region_code, Change(name, periods=periods, day_rule=day_rule), by)


def _new_versions(change: Change, by: Doer) -> WorkCalendar:
    """Days hold everywhere: each region with hours of its own gets its version; the installation's is the answer."""
    regions = set(_read_newest())
    for region_code in sorted(regions - {""}):
        _new_version(region_code, change, by)
    return _new_version("", change, by)


def _new_version(region_code: str, change: Change, by: Doer) -> WorkCalendar:
    version = next_number(SERIES)  # first: it makes two changes wait for each other
    before = stored_version(_version_for(region_code))
    moment = now()
    row = WorkCalendar(
        version=version,
        region_code=region_code,
        name=change.name[:100],
        periods=periods_to_json(change.periods or before.periods),
        day_rule=change.day_rule or before.day_rule,
        created_at=moment,
        created_by_id=by.user_id,
        created_by_name=by.name,
    )
    row.save(force_insert=True)
    CalendarDay.objects.bulk_create(days_after(before, change, row), batch_size=500)
    PublishedYear.objects.bulk_create(years_after(before, change, row, moment))
    events.append(
        "calendar.changed",
        f"calendar:{row.version}",
        {"version": row.version, "region_code": region_code, "years": sorted(change.years)},
    )
    transaction.on_commit(_Publish())
    return row


# --- the cache --------------------------------------------------------------------------------------------------------


class _Publish:
    def __call__(self) -> None:
        forget()


def _changed_in_this_transaction() -> bool:
    """Our own version is true for us before it commits, and never was if it rolls back; the shared cache waits."""
    return any(isinstance(each[1], _Publish) for each in connection.run_on_commit)


def _newest_versions() -> Mapping[str, int]:
    global _newest
    if _changed_in_this_transaction():
        return _read_newest()
    known = _newest
    if known is None or time.monotonic() - known.checked_at >= RECHECK_S:
        known = _newest = _Newest(_read_newest(), time.monotonic())
    return known.versions


def _version_for(region_code: str) -> int:
    versions = _read_newest()
    return versions.get(region_code, versions.get("", SHIPPED))


def _read_newest() -> dict[str, int]:
    return dict(WorkCalendar.objects.order_by().values_list("region_code").annotate(Max("version")))
