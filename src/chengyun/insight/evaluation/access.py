"""Who evaluates, who reads what. Access stands in the lookup (DESIGN §4.8).

The evaluator and the leader of a centre read everything; a department's people what was published of their own group;
who works in an evaluated post his own line of what was published.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed, NotFound
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.objects import DEPARTMENT
from chengyun.people.access import Actor
from chengyun.people.roles import ADMINISTRATORS, Role

WRITERS: Final = frozenset({Role.EVALUATOR})
READERS: Final = frozenset({Role.EVALUATOR, Role.LEADER})
# Whoever is evaluated or evaluates.
ANYBODY: Final = frozenset(Role) - ADMINISTRATORS


def may_write(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*WRITERS)


def may_read_all(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*READERS)


def check_writes(actor: Actor) -> None:
    if not may_write(actor):
        raise NotAllowed(_("绩效评价由监督指挥中心的考核员办理，请联系考核员"))


def check_reads_all(actor: Actor) -> None:
    if not may_read_all(actor):
        raise NotAllowed(_("未发布的评价结果由考核员和领导查看，如有疑问请联系考核员"))


def check_enters(actor: Actor) -> None:
    if not actor.has(*ANYBODY):
        raise NotAllowed(_("绩效评价由办理案件的人员和领导查看，如需查看请联系考核员"))


def region_of(actor: Actor) -> str:
    """Whose county an actor of a centre evaluates; blank is everything."""
    return actor.region_codes[0] if actor.region_codes else ""


def visible_to(actor: Actor) -> QuerySet[Publication]:
    """Publications in which the actor may see at least one line."""
    rows = Publication.objects.all()
    if may_read_all(actor):
        return rows.filter(region_code=region_of(actor))
    return rows.filter(Exists(own(actor).filter(publication=OuterRef("pk"))))


def rows_for(actor: Actor, publication: Publication) -> QuerySet[PublishedRow]:
    """The lines of a publication that the actor may see: of a department's group all, of a post his own."""
    rows = PublishedRow.objects.filter(publication=publication).order_by("place")
    if may_read_all(actor) or publication.kind == DEPARTMENT:
        return rows
    return rows.filter(pk__in=own(actor).filter(publication=publication))


def own_rows(actor: Actor, publication: Publication) -> QuerySet[PublishedRow]:
    """The actor's own: his department's, or he himself."""
    return own(actor).filter(publication=publication)


def own(actor: Actor) -> QuerySet[PublishedRow]:
    """All published rows of the actor's department and of himself."""
    departments = [str(pk) for pk in actor.own_department_ids]
    mine = Q(publication__kind=DEPARTMENT, key__in=departments)
    if actor.user_id is not None:
        mine |= Q(publication__kind__startswith="post:", key=str(actor.user_id))
    return PublishedRow.objects.filter(mine) if actor.has(*ANYBODY) else PublishedRow.objects.none()


def publication_for(actor: Actor, pk: int) -> Publication:
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这份评价结果，或者您不能查看"))
    return found


def row_for(actor: Actor, publication: Publication, key: str) -> PublishedRow:
    found = rows_for(actor, publication).filter(key=key).first()
    if found is None:
        raise NotFound(_("这份评价结果里没有这个对象，或者您不能查看"))
    return found


def newest(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """Without the versions that a correction has replaced."""
    later = Publication.objects.filter(
        kind=OuterRef("kind"), group=OuterRef("group"), period=OuterRef("period"),
        region_code=OuterRef("region_code"), version__gt=OuterRef("version"),
    )  # fmt: skip
    return rows.filter(~Exists(later))
