"""Who sees campaigns, who leads them, who works on a task. Access stands in the lookup (DESIGN §4.8)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chengyun.casework.campaigns.models import Campaign, Task
from chengyun.core.errors import NotAllowed, NotFound
from chengyun.people.access import Actor
from chengyun.people.roles import Role

MANAGERS = frozenset({Role.SUPERVISOR, Role.DUTY_CHIEF, Role.EVALUATOR, Role.LEADER})
WORKERS = frozenset({Role.HANDLER, Role.LEADER})
READERS = MANAGERS | WORKERS | {Role.DISPATCHER, Role.RECEIVER}


def visible_to(actor: Actor) -> QuerySet[Campaign]:
    """The centre sees all; a department those that it leads or has a task in."""
    if not actor.has(*READERS):
        return Campaign.objects.none()
    if actor.county_wide:
        return Campaign.objects.all()
    mine = Task.objects.filter(campaign=OuterRef("pk"), department__in=actor.department_ids)
    return Campaign.objects.filter(Q(lead__in=actor.department_ids) | Exists(mine))


def campaign_for(actor: Actor, pk: int) -> Campaign:
    found = visible_to(actor).select_related("lead").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这项专项行动，或者与您的部门无关"))
    return found


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """A department sees its own tasks; the centre and the leading department all of the campaign."""
    tasks = Task.objects.filter(campaign__in=visible_to(actor)).select_related(
        "target", "department", "phase", "campaign"
    )
    if actor.county_wide:
        return tasks
    return tasks.filter(Q(department__in=actor.department_ids) | Q(campaign__lead__in=actor.department_ids))


def task_for(actor: Actor, pk: int) -> Task:
    found = tasks_for(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这项任务，或者不由您的部门承担"))
    return found


def may_manage(actor: Actor) -> bool:
    return actor.county_wide and actor.has(*MANAGERS)


def check_manages(actor: Actor) -> None:
    if not may_manage(actor):
        raise NotAllowed(_("专项行动由中心的督查员、值班长、考核员或领导组织，请联系他们"))


def may_work(actor: Actor, task: Task) -> bool:
    """The unit itself; the centre may enter for a unit that does not log in."""
    own = actor.has(*WORKERS) and task.department_id in actor.department_ids
    return own or (may_manage(actor) and not task.department.works_online)


def check_works(actor: Actor, task: Task) -> None:
    if not may_work(actor, task):
        raise NotAllowed(_("这项任务由%s填报，请联系该单位") % task.department.short_name)
