"""Questions over cases. Access is in the lookup: everything starts from `visible_to` (DESIGN §4.8)."""

from __future__ import annotations

import datetime as dt
import operator
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import NamedTuple, cast

from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chengyun.casework.cases.listed import NearCase
from chengyun.casework.cases.models import Case, CaseParty
from chengyun.core import configuration
from chengyun.core.db.asked import Asked
from chengyun.core.errors import NotFound
from chengyun.core.geometry import box_around, metres_between
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest
from chengyun.people.roles import Role


class Sight(NamedTuple):
    """Of an actor, what decides which cases he sees."""

    user_id: int | None
    department_ids: tuple[int, ...]
    region_codes: tuple[str, ...]
    county_wide: bool
    collects: bool

    @classmethod
    def of(cls, actor: Actor) -> Sight:
        collects = actor.has(Role.COLLECTOR)
        return cls(actor.user_id, actor.department_ids, actor.region_codes, actor.county_wide, collects)


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Own county-wide role | a party in my subtree | a place in my subtree | I reported it or hold a task in it."""
    return seen_with(Sight.of(actor))


def seen_with(sight: Sight) -> QuerySet[Case]:
    # A copy, so that nobody's answer is kept beside the question.
    return _seen_with(sight).all()


def of_seen_case(actor: Actor) -> Exists:
    """Of rows that belong to a case (`case_id`): those whose case the actor sees."""
    return of_seen(Sight.of(actor))


def of_seen(sight: Sight) -> Exists:
    # Asked of each row: as a list, all that somebody sees would be put together first.
    return Exists(seen_with(sight).filter(pk=OuterRef("case_id")))


@lru_cache(maxsize=500)
def _seen_with(sight: Sight) -> QuerySet[Case]:
    """Put together once: every page asks it several times."""
    if sight.county_wide and not sight.region_codes:
        return Case.objects.all()
    if sight.user_id is None:
        return Case.objects.none()
    seen = [_in_place(code) for code in sight.region_codes]
    if sight.county_wide:
        # A case without a place lies before every centre, lest nobody sees it.
        seen.append(Q(county_code=""))
    if sight.collects:
        # A verify or check task that names nobody lies before every collector.
        seen.append(Q(waits_for=Role.COLLECTOR, waits_user__isnull=True))
    mine = Q(user_id=sight.user_id) | Q(department_id__in=sight.department_ids, role__in=("main", "co"))
    # Last, since it is asked row by row: what a column has shown, it need not find.
    seen.append(Q(Exists(CaseParty.objects.filter(mine, case=OuterRef("pk")))))
    return Case.objects.filter(reduce(operator.or_, seen))


def _in_place(code: str) -> Q:
    """GB/T 2260 and 10114: up to six digits for a county, nine for a township, twelve for a community."""
    if len(code) <= 6:
        return Q(county_code__startswith=code)
    return Q(township_code__startswith=code) if len(code) <= 9 else Q(community_code__startswith=code)


# What the page of one case shows besides its own columns.
CASE_PAGE = ("main_department", "waits_department", "minor_class__standard", "condition", "region_version")


@lru_cache(maxsize=500)
def _page_of(sight: Sight) -> Asked[Case]:
    return Asked(lambda number: seen_with(sight).select_related(*CASE_PAGE).filter(number=number), str)


def case_for(actor: Actor, number: str) -> Case:
    case = _page_of(Sight.of(actor)).first(number.replace("\x00", ""))  # PostgreSQL refuses NUL in a text
    if case is None:
        raise NotFound(_("没有编号为 %s 的案件，或者您无权查看") % number)
    return case


@lru_cache(maxsize=500)
def _by_id(sight: Sight) -> Asked[Case]:
    return Asked(lambda case_id: seen_with(sight).select_related("minor_class__standard").filter(pk=case_id), int)


def case_to_change(actor: Actor, case_id: int) -> Case | None:
    """With what a step asks of its class; None where the actor sees no such case."""
    return _by_id(Sight.of(actor)).first(case_id)


def sees_case(request: HttpRequest, case_id: int) -> bool:
    return visible_to(cast(ActorRequest, request).actor).filter(pk=case_id).exists()


# An untouched picture shows where and with what it was taken; it is evidence, for those who judge.
MAY_TAKE_ORIGINALS = (Role.DUTY_CHIEF, Role.SUPERVISOR, Role.EVALUATOR)


def takes_originals(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*MAY_TAKE_ORIGINALS)


def may_take_original(request: HttpRequest, case_id: int) -> bool:
    return takes_originals(cast(ActorRequest, request).actor) and sees_case(request, case_id)


def queue(actor: Actor) -> QuerySet[Case]:
    """What lies before the actor in any of his posts."""
    return visible_to(actor).filter(waiting_for(actor))


def waiting_for(actor: Actor) -> Q:
    wanted = Q(pk__in=())
    centre = actor.roles & {Role.RECEIVER, Role.DUTY_CHIEF, Role.DISPATCHER} if actor.county_wide else set()
    if centre:
        wanted |= Q(waits_for__in=sorted(centre))
    if actor.has(Role.HANDLER):
        free = Q(waits_user__isnull=True) | Q(waits_user_id=actor.user_id)
        wanted |= Q(waits_for=Role.HANDLER, waits_department_id__in=actor.department_ids) & free
    if actor.has(Role.COLLECTOR):
        wanted |= Q(waits_for=Role.COLLECTOR) & (Q(waits_user__isnull=True) | Q(waits_user_id=actor.user_id))
    return wanted


def asking(actor: Actor) -> QuerySet[Case]:
    """Cases with a request that the actor decides, endorses or answers."""
    wanted = Q(pk__in=())
    if actor.county_wide:
        roles = actor.roles & {Role.DISPATCHER, Role.EVALUATOR, Role.DUTY_CHIEF, Role.RECEIVER}
        if actor.has(Role.LEADER):
            roles = roles | {Role.DUTY_CHIEF}
        wanted |= Q(asks_role__in=sorted(roles))
    if actor.has(Role.HANDLER, Role.LEADER):
        wanted |= Q(asks_role=Role.HANDLER, asks_department_id__in=actor.department_ids)
    return visible_to(actor).exclude(asks_role="").filter(wanted)


@dataclass(frozen=True)
class Nearby:
    case: NearCase
    metres: float
    is_same_class: bool
    # Same class, within the county's distance and time for «probably the same problem» (STANDARDS §4: 50 m, 24 h).
    is_suspected: bool


def nearby_cases(case: Case, actor: Actor, *, limit: int = 10) -> list[Nearby]:
    """What lies around a case, open or reported in the days before it or since: probable duplicates first, then its
    own class, then by distance. Only what the actor may see."""
    if case.lon is None or case.lat is None:
        return []
    around = _Around.of(case)
    since = case.reported_at - dt.timedelta(days=around.days)
    cases = visible_to(actor).filter(Q(ended_at__isnull=True) | Q(reported_at__gte=since)).exclude(pk=case.pk)
    own_class_first = When(class_code=case.class_code, then=0) if case.class_code else When(pk=0, then=0)
    near = in_box(cases, case.lon, case.lat, around.reach).order_by(Choose(own_class_first, default=1), "-id")
    rows = near.values_list(*NearCase._fields)[:MOST_NEAR]
    found = [each for row in rows if (each := around.measure(case, NearCase(*row)))]
    return sorted(found, key=lambda each: (not each.is_suspected, not each.is_same_class, each.metres))[:limit]


# As many as are measured; a block of flats has no more at once.
MOST_NEAR = 200


def in_box(cases: QuerySet[Case], lon: float, lat: float, metres: float) -> QuerySet[Case]:
    """By bounding box; the exact distance is the caller's."""
    west, south, east, north = box_around(lon, lat, metres)
    return cases.filter(lat__range=(south, north), lon__range=(west, east))


@dataclass(frozen=True)
class _Around:
    """The county's numbers for «near» and for «probably the same»."""

    metres: float
    days: float
    same_metres: float
    same_hours: float

    @classmethod
    def of(cls, case: Case) -> _Around:
        names = ("nearby_metres", "nearby_days", "duplicate_metres", "duplicate_hours")
        return cls(*(float(configuration.value(f"casework.{name}", case.township_code)) for name in names))

    @property
    def reach(self) -> float:
        return max(self.metres, self.same_metres)

    def measure(self, case: Case, row: NearCase) -> Nearby | None:
        """None where the box reaches further than the distance."""
        assert case.lon is not None and case.lat is not None
        metres = metres_between(case.lon, case.lat, row.lon, row.lat)
        if metres > self.reach:
            return None
        same = bool(case.class_code) and row.class_code == case.class_code
        apart = abs(row.reported_at - case.reported_at)
        suspected = same and metres <= self.same_metres and apart <= dt.timedelta(hours=self.same_hours)
        return Nearby(row, metres, same, suspected)
