"""Who sets targets, and who reads which. Access stands in the lookup (DESIGN §4.8)."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed
from chengyun.insight import access
from chengyun.insight.targets.models import Plan, PlanTarget
from chengyun.insight.targets.subjects import SubjectKind
from chengyun.people.access import Actor
from chengyun.people.roles import Role

# From a post in the centre.
SETTERS: Final = frozenset({Role.LEADER, Role.EVALUATOR})


def check_reads(actor: Actor) -> None:
    access.check_reads(actor)


def may_set(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*SETTERS)


def check_sets(actor: Actor, region_code: str = "") -> None:
    """`region_code`: whose county the plan is of; the centre next door leaves it alone."""
    if not may_set(actor):
        raise NotAllowed(_("计划与目标由中心的考核员或领导制定，请联系他们"))
    if not in_county(actor, region_code):
        raise NotAllowed(_("这是别的区县的计划，请联系该区县的中心"))


def in_county(actor: Actor, region_code: str) -> bool:
    return not actor.region_codes or not region_code or region_code.startswith(actor.region_codes)


def region_of(actor: Actor) -> str:
    """Whose county an actor of a centre plans for; blank is everything."""
    return actor.region_codes[0] if actor.region_codes else ""


def plans_for(actor: Actor) -> QuerySet[Plan]:
    """The plans of one's own county."""
    rows = Plan.objects.all()
    return rows.filter(_of_county(actor, "region_code")) if access.may_read(actor) else rows.none()


def visible_to(actor: Actor) -> QuerySet[PlanTarget]:
    """The centre sees all of its county; a department's or township's people their own and the county's."""
    if not access.may_read(actor):
        return PlanTarget.objects.none()
    rows = PlanTarget.objects.filter(_of_county(actor, "plan__region_code"))
    return rows if actor.county_wide else rows.filter(Q(subject_kind=SubjectKind.COUNTY) | _own(actor))


def _own(actor: Actor) -> Q:
    own = Q(department__in=actor.department_ids)
    for code in actor.region_codes:
        own |= Q(township_code__startswith=code)
    return own


def _of_county(actor: Actor, field: str) -> Q:
    """A township's codes begin with its county's."""
    if not actor.region_codes:
        return Q()
    found = Q(**{field: ""})
    for code in actor.region_codes:
        found |= Q(**{f"{field}__startswith": code})
        found |= Q(**{f"{field}__in": [code[:length] for length in range(2, len(code))]})
    return found


def opens_cases(actor: Actor, target: PlanTarget) -> bool:
    """Whether the reader sees all the cases that the target's figure counts."""
    if actor.county_wide:
        return in_county(actor, target.plan.region_code) and (bool(target.plan.region_code) or not actor.region_codes)
    if target.subject_kind == SubjectKind.DEPARTMENT:
        return target.department_id in actor.department_ids
    return target.subject_kind == SubjectKind.TOWNSHIP and target.township_code.startswith(actor.region_codes)
