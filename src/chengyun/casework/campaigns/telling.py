"""Notices to the people of a unit about its tasks."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.campaigns.models import Task
from chengyun.casework.cases.models import Notice
from chengyun.casework.cases.notices import in_role
from chengyun.core.events import Event
from chengyun.people.roles import Role

WORDS: dict[str, Promise] = {
    "given": gettext_lazy("专项行动新任务"),
    "due_soon": gettext_lazy("专项任务临期"),
    "overdue": gettext_lazy("专项任务逾期"),
    "returned": gettext_lazy("专项任务验收退回"),
    "supervision": gettext_lazy("专项任务督办"),
}


def write_notices(batch: Iterable[Event]) -> None:
    batch = list(batch)
    ids = {int(event.subject.partition(":")[2]) for event in batch}
    tasks = Task.objects.select_related("campaign", "target", "department").in_bulk(ids)
    rows = []
    for event in batch:
        task = tasks.get(int(event.subject.partition(":")[2]))
        if task is not None:
            people = in_role(Role.HANDLER, task.department_id)
            rows += [_notice(event, task, user_id) for user_id in people]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _notice(event: Event, task: Task, user_id: int) -> Notice:
    kind = str(event.data["kind"])
    told = {
        "what": WORDS[kind],
        "campaign": task.campaign.name,
        "target": task.target.name,
        "ends": task.ends.isoformat(),
    }
    text = _("%(what)s：%(campaign)s，%(target)s，时限 %(ends)s") % told
    return Notice(
        user_id=user_id, event_id=event.pk, at=event.at, kind=f"campaign_{kind}", text=text[:200],
        url=task.get_absolute_url(),
    )  # fmt: skip
