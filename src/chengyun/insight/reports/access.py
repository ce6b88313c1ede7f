"""Who writes reports, who reads them. Access stands in the lookup (DESIGN §4.8)."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed, NotFound
from chengyun.insight.reports.models import WorkReport
from chengyun.people.access import Actor
from chengyun.people.roles import Role

# The office, from a post in the centre: its drafts, templates and signatures.
WRITERS: Final = frozenset({Role.DUTY_CHIEF, Role.SUPERVISOR, Role.EVALUATOR, Role.LEADER})
# What was issued, the centre's desks read; departments and townships get it on paper.
READERS: Final = WRITERS | {Role.RECEIVER, Role.DISPATCHER}


def may_write(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*WRITERS)


def may_read(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*READERS)


def check_writes(actor: Actor) -> None:
    if not may_write(actor):
        raise NotAllowed(_("报表由中心的值班长、督查员、考核员或领导编写，请联系他们"))


def check_reads(actor: Actor) -> None:
    if not may_read(actor):
        raise NotAllowed(_("报表由指挥中心各岗位查看，如需查看请联系指挥中心"))


def region_of(actor: Actor) -> str:
    """Whose county an actor of a centre writes about; blank is everything."""
    return actor.region_codes[0] if actor.region_codes else ""


def visible_to(actor: Actor) -> QuerySet[WorkReport]:
    """Reports of the own county; whoever does not write sees what was issued."""
    if not may_read(actor):
        return WorkReport.objects.none()
    rows = WorkReport.objects.all()
    if actor.region_codes:
        places = Q(region_code="")
        for code in actor.region_codes:
            places |= Q(region_code__startswith=code)
        rows = rows.filter(places)
    return rows if may_write(actor) else rows.filter(state=WorkReport.State.ISSUED)


def report_for(actor: Actor, pk: int) -> WorkReport:
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这份报表，或者还没有签发"))
    return found
