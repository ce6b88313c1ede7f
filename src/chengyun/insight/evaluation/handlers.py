"""Evaluators learn of an objection and that it was withdrawn, whoever objected of the decision."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Notice
from chengyun.core.events import Event
from chengyun.core.handlers import handler
from chengyun.core.instants import today
from chengyun.insight.evaluation import objections, spans
from chengyun.insight.evaluation.access import WRITERS, may_write
from chengyun.insight.evaluation.models import Objection
from chengyun.people.access import Actor, actor_for
from chengyun.people.models import Appointment, Department, User

OBJECTED, DECIDED, WITHDRAWN = "evaluation.objected", "evaluation.decided", "evaluation.withdrawn"


@handler("evaluation.notices", kinds=(OBJECTED, DECIDED, WITHDRAWN))
def notices(batch: list[Event]) -> None:
    ids = {_objection_id(event) for event in batch}
    known = Objection.objects.select_related("row__publication").in_bulk(ids)
    evaluators = _evaluators() if any(event.kind != DECIDED for event in batch) else []
    rows = []
    for event in batch:
        objection = known.get(_objection_id(event))
        if objection is not None:
            rows += [_notice(event, objection, user_id) for user_id in _told(event, objection, evaluators)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _objection_id(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def _told(event: Event, objection: Objection, evaluators: list[Actor]) -> list[int]:
    if event.kind == DECIDED:
        return [objection.by_id]
    seeing = [each for each in evaluators if objections.visible_to(each).filter(pk=objection.pk).exists()]
    told = [each.user_id for each in seeing if each.user_id is not None]
    if event.kind == OBJECTED:
        return [each for each in told if each != objection.by_id]
    # A colleague may have withdrawn what somebody else objected.
    return [each for each in {*told, objection.by_id} if each != objection.withdrawn_by_id]


def _evaluators() -> list[Actor]:
    held = Appointment.objects.on(today()).filter(user__is_active=True)
    held = held.filter(post__department__kind=Department.Kind.CENTRE)
    people = {user for user, roles in held.values_list("user_id", "post__roles") if WRITERS.intersection(roles)}
    return [actor for user in User.objects.filter(pk__in=people) if may_write(actor := actor_for(user))]


def _notice(event: Event, objection: Objection, user_id: int) -> Notice:
    told = {
        "name": objection.row.name,
        "span": spans.read(objection.row.publication.period).title,
        "line": objections.line_of(objection.row, objection.line).title,
        "state": objection.get_state_display(),
    }
    if event.kind == OBJECTED:
        text = _("%(name)s对%(span)s评价的“%(line)s”提出申诉，请裁定") % told
    elif event.kind == WITHDRAWN:
        text = _("%(name)s撤回了对%(span)s评价“%(line)s”的申诉") % told
    else:
        text = _("对%(span)s评价“%(line)s”的申诉已裁定：%(state)s") % told
    return Notice(
        user_id=user_id, event_id=event.pk, at=event.at, kind="evaluation_objection", text=text[:200],
        url=objection.get_absolute_url(),
    )  # fmt: skip
