"""Timed work around cases: lamps announced, suspensions ended, running clocks moved to a new calendar."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from chengyun.casework.cases import undoing, writer
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.notices import announce_lamp
from chengyun.casework.cases.planner import plan_step
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services.steps import take_step
from chengyun.casework.cases.services.submit import SYSTEM_BY
from chengyun.casework.cases.workflow import Stage
from chengyun.casework.clocks.models import Clock
from chengyun.core.calendars import working_calendar
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.core.jobs import every
from chengyun.people.access import SYSTEM

BATCH = 200


@every(seconds=30)
def announce_lamps() -> None:
    """Tell whoever holds a case that its lamp turned yellow or red."""
    moment = now()
    turned = Q(due_at__lt=moment) & ~Q(announced_lamp="red")
    turned |= Q(yellow_at__lte=moment, due_at__gte=moment) & Q(announced_lamp="")
    running = Case.objects.filter(turned, ended_at__isnull=True, is_paused=False)
    for case in running.order_by("due_at")[:BATCH]:
        announce_lamp(case, case.lamp(moment))


@every(seconds=60)
def end_suspensions() -> None:
    """挂账 ends by itself at its date (STANDARDS §6.3)."""
    due = Case.objects.filter(stage=Stage.SUSPENDED, suspended_until__lte=now())
    for case in due.order_by("suspended_until")[:BATCH]:
        try:
            take_step(case.pk, "resume", by=SYSTEM, version=case.version)
        except UserError:
            continue  # somebody was faster; the next round looks again


@every(seconds=60)
def recalculate_clocks() -> None:
    """A newly published calendar moves what still runs; each case's history gets a `recalculate` row."""
    newest = working_calendar().version
    stale = Clock.objects.filter(stopped_at__isnull=True, calendar_version__lt=newest)
    for case_id in stale.values_list("case_id", flat=True).distinct()[:BATCH]:
        recalculate(case_id)


def recalculate(case_id: int) -> None:
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        plan = plan_step(writer.load(case), "recalculate", {}, SYSTEM_BY, now(), rules_for(case.township_code))
        if plan.step.clock_effects:
            writer.store(plan, case)


@every(seconds=3600)
def forget_what_can_no_longer_be_undone() -> None:
    undoing.forget_old()
