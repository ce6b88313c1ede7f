"""What the back office has to know of cases: where they use a register's rows, and how personal words are erased."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.models import Case, CaseParty
from chengyun.casework.clocks.models import Clock
from chengyun.core import instants
from chengyun.core.calendar_models import CalendarDay
from chengyun.people.backoffice.who import INSTALLATION, SEE_ERASING
from chengyun.people.registers.declaration import Page, Rows, Usage
from chengyun.regions.models import Level, Region

TOWNSHIP_DIGITS = 9
PLACED: dict[str, str] = {Level.TOWNSHIP: "township_code", Level.COMMUNITY: "community_code", Level.CELL: "cell_code"}

ERASING = Page(
    key="erasing",
    title=_("清除个人信息"),
    group=INSTALLATION,
    url_name="cases:erasing",
    readers=SEE_ERASING,
    order=980,
    icon="trash",
)


def _open(cases: Rows, day: dt.date) -> Rows:
    return cases.filter(ended_at__isnull=True)


def _still_party(parties: Rows, day: dt.date) -> Rows:
    return parties.filter(until__isnull=True, case__ended_at__isnull=True)


def _address(case: models.Model) -> str:
    assert isinstance(case, Case)
    return case.get_absolute_url()


def _across(day: CalendarDay) -> Rows:
    """Open cases of which a running time limit crosses the day."""
    starts, ends = (instants.start_of_day(day.date + dt.timedelta(days=each)) for each in (0, 1))
    running = Clock.objects.filter(stopped_at__isnull=True, started_at__lt=ends, due_at__gte=starts)
    cases: Rows = Case.objects.filter(pk__in=running.values("case"))
    return cases


def _in_region(region: Region) -> Rows:
    """Open cases in it, by the index over their townships."""
    if region.level not in PLACED:
        return Case.objects.none()
    inside: Rows = Case.objects.filter(township_code=region.code[:TOWNSHIP_DIGITS])
    return inside.filter(**{PLACED[region.level]: region.code})


DECLARATIONS: list[object] = [
    ERASING,
    Usage(Case, "main_department", _("未结案件（主办）"), living=_open, refuses=True, href=_address),
    Usage(Case, "waits_department", _("等它办理的案件"), living=_open, refuses=True, href=_address),
    Usage(Case, "handler", _("未结案件（处置人）"), living=_open, href=_address),
    Usage(Case, "minor_class", _("未结案件"), living=_open, href=_address),
    Usage(Case, "condition", _("未结案件"), living=_open, href=_address),
    Usage(Case, "grid", _("未结案件"), living=_open, href=_address),
    Usage(Case, "", _("时限跨过这一天的未结案件"), living=_open, href=_address, used=CalendarDay, rows=_across),
    Usage(Case, "", _("未结案件"), living=_open, href=_address, used=Region, rows=_in_region),
    Usage(CaseParty, "department", _("未结案件（参与）"), living=_still_party),
]
