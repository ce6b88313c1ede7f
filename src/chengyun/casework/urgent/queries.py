"""Who hears alerts, and which ring for him."""

from __future__ import annotations

from django.db.models import Exists, Prefetch, QuerySet
from django.utils.translation import gettext as _

from chengyun.casework.cases.queries import of_seen_case
from chengyun.casework.urgent.models import Alert, Call
from chengyun.core import configuration
from chengyun.core.errors import NotAllowed
from chengyun.people.access import Actor
from chengyun.people.roles import COUNTY_WIDE, Role

# Events of these kinds move the urgent line of open pages.
KINDS = "urgent."
SHOWN = 5


def hears(actor: Actor) -> bool:
    """Whether the room is this person's to keep: a desk of the centre in one of the county's roles for it."""
    return actor.county_wide and actor.has(*configuration.value("urgent.roles"))


def require(actor: Actor) -> None:
    if not hears(actor):
        roles = "、".join(str(Role(role).label) for role in configuration.value("urgent.roles"))
        raise NotAllowed(_("紧急提醒由%(roles)s处理，请联系他们。") % {"roles": roles})


def may_read(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*COUNTY_WIDE)


def anything_rings() -> Exists:
    """For whoever asks the database anyway."""
    return Exists(Alert.objects.filter(ended_at=None))


def ringing(actor: Actor) -> list[Alert]:
    """Oldest first, with the calls whose end nobody has told; one statement while nothing rings."""
    ids = list(Alert.objects.filter(ended_at=None).values_list("pk", flat=True)[:100]) if hears(actor) else []
    if not ids:
        return []
    alerts = Alert.objects.filter(of_seen_case(actor), pk__in=ids).select_related("case")
    waiting = Prefetch("calls", Call.objects.filter(outcome="").order_by("-number"), to_attr="waiting")
    return list(alerts.prefetch_related(waiting).order_by("urgent_since", "id"))


def alerts_for(actor: Actor) -> QuerySet[Alert]:
    if not may_read(actor):
        raise NotAllowed(_("紧急提醒记录由指挥中心查看，请联系值班长。"))
    return Alert.objects.filter(of_seen_case(actor)).select_related("case")
