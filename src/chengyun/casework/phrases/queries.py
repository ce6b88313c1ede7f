"""Which phrases somebody is offered, and what stands in their places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.phrases.models import Phrase
from chengyun.core.instants import today
from chengyun.people.access import Actor
from chengyun.ui.templatetags.ui_tags import limit

MOST = 60


@dataclass(frozen=True)
class Offered:
    id: int
    text: str


def seen_by(actor: Actor) -> QuerySet[Phrase]:
    """The county's, those of the actor's departments, and his own."""
    department = Q(scope=Phrase.Scope.DEPARTMENT, department_id__in=actor.department_ids)
    own = Q(scope=Phrase.Scope.OWN, owner_id=actor.user_id or 0)
    return Phrase.objects.on(today()).filter(Q(scope=Phrase.Scope.COUNTY) | department | own)


def offered(case: Case, verb: str, actor: Actor) -> list[Offered]:
    """For this step of this case: used most first, filled in. One statement."""
    classes = [case.class_code[:length] for length in range(len(case.class_code) + 1)]
    found = seen_by(actor).filter(verb__in=("", verb), class_prefix__in=classes)
    rows = found.annotate(used=Coalesce("use__count", 0)).order_by("-used", "-class_prefix", "-verb", "id")[:MOST]
    return filled(rows, case)


def filled(phrases: Iterable[Phrase], case: Case) -> list[Offered]:
    words = places_of(case)
    found = []
    for phrase in phrases:
        text = phrase.text
        for place, word in words.items():
            text = text.replace(place, word)
        found.append(Offered(phrase.pk, text))
    return found


def places_of(case: Case) -> dict[str, str]:
    """What {地点} {类别} {部门} {时限} mean in this case; what is not known yet reads on all the same."""
    amount, unit = case.limit_amount, case.limit_unit
    return {
        "{地点}": case.address or _("现场"),
        "{类别}": case.class_name or _("问题"),
        "{部门}": case.main_department.short_name if case.main_department else _("责任部门"),
        "{时限}": limit(amount, unit) if amount and unit else _("规定时限"),
    }
