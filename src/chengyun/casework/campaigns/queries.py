"""Lists of campaigns, newest first, by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from chengyun.casework.campaigns import progress
from chengyun.casework.campaigns.access import tasks_for, visible_to
from chengyun.casework.campaigns.models import Campaign, Prompt, Task
from chengyun.casework.campaigns.progress import TaskProgress
from chengyun.core.digits import whole
from chengyun.people.access import Actor

PAGE = 50
NEWEST = 2**62


@dataclass(frozen=True)
class Row:
    campaign: Campaign
    tasks: Sequence[TaskProgress]

    @property
    def share(self) -> int | None:
        if self.campaign.figures is not None:
            share = self.campaign.figures.get("share")
            return int(share) if share is not None else None
        return progress.overall(self.tasks)

    @property
    def late(self) -> int:
        return sum(each.is_late for each in self.tasks)


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    older: int | None


def found(actor: Actor, params: Mapping[str, str]) -> QuerySet[Campaign]:
    campaigns = visible_to(actor).select_related("lead")
    state, text = params.get("state", ""), params.get("q", "").replace("\x00", "").strip()[:60]
    if state in Campaign.State.values:
        campaigns = campaigns.filter(state=state)
    return campaigns.filter(name__icontains=text) if text else campaigns


def page_of(actor: Actor, params: Mapping[str, str]) -> Page:
    """Four statements more for the progress of all campaigns of the page."""
    before = whole(params.get("before"))
    campaigns = list(
        found(actor, params).filter(pk__lt=NEWEST if before is None else before).order_by("-id")[: PAGE + 1]
    )
    shown = campaigns[:PAGE]
    return Page(with_progress(actor, shown), shown[-1].pk if len(campaigns) > PAGE else None)


def with_progress(actor: Actor, campaigns: Sequence[Campaign]) -> list[Row]:
    tasks: dict[int, list[TaskProgress]] = {}
    for each in progress.of_tasks(tasks_for(actor).filter(campaign__in=[c.pk for c in campaigns])):
        tasks.setdefault(each.task.campaign_id, []).append(each)
    return [Row(campaign, tasks.get(campaign.pk, [])) for campaign in campaigns]


def my_tasks(actor: Actor) -> list[TaskProgress]:
    """What the actor's departments have to do now, soonest due first."""
    mine = Task.objects.filter(
        department__in=actor.department_ids, campaign__state=Campaign.State.RUNNING, state=Task.State.OPEN
    )
    return progress.of_tasks(
        mine.select_related("target", "department", "campaign", "phase").order_by("ends", "id")[:100]
    )


def open_prompts(actor: Actor) -> QuerySet[Prompt]:
    """督办 that the actor's departments have not answered."""
    mine = Prompt.objects.filter(task__department__in=actor.department_ids, kind=Prompt.Kind.SUPERVISION)
    waiting = mine.filter(answered_at=None, task__campaign__state=Campaign.State.RUNNING)
    return waiting.select_related("task__campaign", "task__target", "task__department").order_by("answer_by", "id")
