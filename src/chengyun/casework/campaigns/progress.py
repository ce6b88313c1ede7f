"""How far a campaign is: figures of tasks, each the count or sum of rows that can be opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from chengyun.casework.campaigns.models import Campaign, CampaignCase, Counting, Evidence, Target, Task
from chengyun.casework.cases.models import Case
from chengyun.core.instants import SHANGHAI, today

# Columns of one answer: PostgreSQL gives 1,664 at most, SQLite 2,000.
AT_ONCE = 500


@dataclass(frozen=True)
class TaskProgress:
    task: Task
    done: int

    @property
    def share(self) -> int:
        """Per cent of the amount, 100 at most: what is over one's own amount does not make up for another's."""
        return min(100, 100 * self.done // self.task.amount)

    @property
    def is_late(self) -> bool:
        return self.task.state == Task.State.OPEN and self.task.ends < today() and self.done < self.task.amount

    @property
    def state_label(self) -> str:
        return _("逾期") if self.is_late else str(Task.State(self.task.state).label)

    @property
    def colour(self) -> str:
        if self.task.state == Task.State.ACCEPTED or self.share == 100:
            return "green"
        return "red" if self.is_late else "yellow" if self.task.state == Task.State.SUBMITTED else "grey"


@dataclass(frozen=True)
class TargetProgress:
    target: Target
    done: int
    amount: int

    @property
    def share(self) -> int:
        return min(100, 100 * self.done // self.amount) if self.amount else 0


def of_tasks(tasks: Iterable[Task]) -> list[TaskProgress]:
    """In three statements for a few hundred tasks. The tasks have their `target` and `department` loaded."""
    tasks = list(tasks)
    reported = _evidence(tasks)
    counted = _cases([task for task in tasks if task.target.counting != Counting.EVIDENCE])
    return [TaskProgress(task, reported.get(task.pk, 0) + counted.get(task.pk, 0)) for task in tasks]


def of_targets(progress: Sequence[TaskProgress], targets: Iterable[Target]) -> list[TargetProgress]:
    found = []
    for target in targets:
        mine = [each for each in progress if each.task.target_id == target.pk]
        found.append(TargetProgress(target, sum(each.done for each in mine), sum(each.task.amount for each in mine)))
    return found


def overall(progress: Sequence[TaskProgress]) -> int | None:
    """The mean of the tasks' shares, each task alike: targets have different units. None without a task."""
    return sum(each.share for each in progress) // len(progress) if progress else None


def _evidence(tasks: Sequence[Task]) -> dict[int, int]:
    manual = [task.pk for task in tasks if task.target.counting == Counting.EVIDENCE]
    if not manual:
        return {}
    rows = Evidence.objects.filter(task__in=manual, withdrawn_at=None).values_list("task").annotate(Sum("amount"))
    return dict(rows.order_by())


def _cases(tasks: Sequence[Task]) -> dict[int, int]:
    """Linked cases per task, in one statement for so many tasks as a database counts at once."""
    together = sorted(tasks, key=lambda task: task.campaign_id)
    parts = (together[start : start + AT_ONCE] for start in range(0, len(together), AT_ONCE))
    return {pk: count for part in parts for pk, count in _counted(part).items()}


def _counted(tasks: Sequence[Task]) -> dict[int, int]:
    """Over the campaigns' links: every task is one filtered count."""
    links = CampaignCase.objects.filter(campaign__in={task.campaign_id for task in tasks})
    counts = {
        f"t{task.pk}": Count("pk", filter=Q(campaign=task.campaign_id) & _counts(task, "case__")) for task in tasks
    }
    found = links.aggregate(**counts)
    return {task.pk: int(found[f"t{task.pk}"]) for task in tasks}


def _counts(task: Task, case: str = "") -> Q:
    """Which of the campaign's cases count for a task: those of its unit, reported or closed in its period."""
    field = case + ("closed_at" if task.target.counting == Counting.CLOSED_CASES else "reported_at")
    begins, ends = _instant(task.begins), _instant(task.ends + dt.timedelta(days=1))
    mine = Q(**{f"{case}main_department": task.department_id})
    return mine & Q(**{f"{field}__gte": begins, f"{field}__lt": ends})


def cases_of(task: Task) -> QuerySet[Case]:
    """Behind the figure: the cases themselves."""
    linked = CampaignCase.objects.filter(campaign=task.campaign_id).values("case")
    return Case.objects.filter(_counts(task), pk__in=linked)


def _instant(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def case_figures(campaign: Campaign) -> dict[str, int]:
    """All cases of the campaign, whichever unit has them."""
    links = campaign.links.aggregate(
        cases=Count("pk"),
        closed=Count("pk", filter=Q(case__closed_at__isnull=False)),
        late=Count("pk", filter=Q(case__handling_overdue=True, case__overdue_exempt=False)),
    )
    return {name: int(count) for name, count in links.items()}


def by_department(progress: Sequence[TaskProgress]) -> list[tuple[str, int, list[TaskProgress]]]:
    """(unit, mean share, its tasks), the furthest first."""
    groups: dict[str, list[TaskProgress]] = {}
    for each in progress:
        groups.setdefault(each.task.department.short_name, []).append(each)
    rows = [(name, overall(mine) or 0, mine) for name, mine in groups.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
