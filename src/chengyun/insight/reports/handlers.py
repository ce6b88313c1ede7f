"""The office learns of what was drafted by itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Notice
from chengyun.core.events import Event
from chengyun.core.handlers import handler
from chengyun.core.instants import today
from chengyun.insight.reports.access import WRITERS, may_write, visible_to
from chengyun.insight.reports.models import WorkReport
from chengyun.people.access import actor_for
from chengyun.people.models import Appointment, Department, User


@handler("reports.notices", kinds=("work_report.drafted",))
def notices(batch: list[Event]) -> None:
    ids = {int(event.subject.partition(":")[2]) for event in batch}
    reports = WorkReport.objects.filter(drafted_by="").defer("facts", "texts", "template").in_bulk(ids)
    office = [(user.pk, actor) for user in _office() if may_write(actor := actor_for(user))] if reports else []
    rows = []
    for event in batch:
        report = reports.get(int(event.subject.partition(":")[2]))
        if report is not None:
            rows += [
                _notice(event, report, user_id)
                for user_id, actor in office
                if visible_to(actor).filter(pk=report.pk).exists()
            ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _office() -> list[User]:
    held = Appointment.objects.on(today()).filter(user__is_active=True)
    held = held.filter(post__department__kind=Department.Kind.CENTRE)
    people = {user for user, roles in held.values_list("user_id", "post__roles") if WRITERS.intersection(roles)}
    return list(User.objects.filter(pk__in=people))


def _notice(event: Event, report: WorkReport, user_id: int) -> Notice:
    return Notice(
        user_id=user_id, event_id=event.pk, at=event.at, kind="work_report",
        text=_("已自动起草：%s，请补充文字后签发") % report.title, url=report.get_absolute_url(),
    )  # fmt: skip
