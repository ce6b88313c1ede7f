"""From which day on which version counts. Cases keep the version they were filed in."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core import events, instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.regions import locate
from chengyun.regions.models import RegionTerm, RegionVersion
from chengyun.regions.queries import active_version, version_on


@transaction.atomic
def begin(version: RegionVersion, from_day: dt.date, *, by: Doer) -> None:
    """The version counts from that day on: today at once, later when the day comes (`switch_when_due`)."""
    if from_day < instants.today():
        raise UserError(_("启用日期不能早于今天。"), field="from_day")
    _remember_running()
    _decide(version, from_day, by)
    if from_day == instants.today():
        activate(version, by=by)
    else:
        register.change(version, {"is_staging": False}, by=by, action="planned")


@transaction.atomic
def activate(version: RegionVersion, *, by: Doer) -> None:
    """From now on points are located in this version; cases keep the one they were filed in."""
    _remember_running()
    for old in RegionVersion.objects.select_for_update().filter(is_active=True).exclude(pk=version.pk):
        register.change(old, {"is_active": False}, by=by, action="deactivated")
    register.change(register.locked(version), {"is_active": True, "is_staging": False}, by=by, action="activated")
    events.append("regions.activated", f"regionversion:{version.pk}")
    if version_on(instants.today()) != version:
        _decide(version, instants.today(), by)
    transaction.on_commit(locate.forget)


@transaction.atomic
def withdraw(term: RegionTerm, *, by: Doer) -> None:
    if term.from_day <= instants.today() or term.is_withdrawn:
        raise UserError(_("这个版本已经启用或撤回；需要时可以切换到别的版本。"))
    register.change(register.locked(term), {"is_withdrawn": True}, by=by, action="withdrawn")


def switch_when_due() -> bool:
    """Switch to the version whose day has come; True where one was."""
    due = version_on(instants.today())
    if due is None or due.is_active:
        return False
    activate(due, by=SYSTEM)
    return True


def _decide(version: RegionVersion, from_day: dt.date, by: Doer) -> None:
    term = RegionTerm(version=version, from_day=from_day, decided_at=instants.now(), decided_by=by.name)
    register.store(term, by=by)


def _remember_running() -> None:
    """The first term of all says that what is running has done so since it came."""
    running = active_version()
    if running and not RegionTerm.objects.exists():
        began = instants.civil_day(running.imported_at)
        term = RegionTerm(version=running, from_day=began, decided_at=running.imported_at, decided_by=SYSTEM.name)
        register.store(term, by=SYSTEM)
