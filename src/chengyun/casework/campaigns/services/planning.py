"""The plan: campaign, phases, targets, tasks; starting and cancelling it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.campaigns.access import check_manages
from chengyun.casework.campaigns.models import Campaign, Phase, Target, Task
from chengyun.casework.campaigns.services.linking import link_standing_cases
from chengyun.core import events
from chengyun.core.errors import UserError
from chengyun.core.numbers import next_number
from chengyun.people import register
from chengyun.people.access import Actor
from chengyun.people.models import Department
from chengyun.taxonomy.models import MinorClass

State = Campaign.State
LONGEST = dt.timedelta(days=3 * 366)


@transaction.atomic
def create(*, by: Actor, minor_classes: Iterable[MinorClass] = (), **fields: Any) -> Campaign:
    """A campaign in preparation. Its number counts within the year of its beginning."""
    check_manages(by)
    _check_period(fields["begins"], fields["ends"])
    year = fields["begins"].year
    number = f"ZX{year}-{next_number(f'campaign:{year}'):02}"
    campaign = register.store(Campaign(number=number, **fields), by=by)
    campaign.minor_classes.set(minor_classes)
    return campaign


@transaction.atomic
def change(
    campaign: Campaign, *, by: Actor, minor_classes: Iterable[MinorClass] | None = None, **fields: Any
) -> Campaign:
    check_manages(by)
    campaign = _open(campaign)
    begins, ends = fields.get("begins", campaign.begins), fields.get("ends", campaign.ends)
    _check_period(begins, ends)
    _check_inside(begins, ends, [*campaign.phases.all(), *campaign.tasks.all()])
    register.change(campaign, fields, by=by)
    if minor_classes is not None:
        campaign.minor_classes.set(minor_classes)
    if campaign.state == State.RUNNING:
        link_standing_cases(campaign)
    return campaign


@transaction.atomic
def add_phase(campaign: Campaign, *, by: Actor, name: str, begins: dt.date, ends: dt.date) -> Phase:
    check_manages(by)
    campaign = _open(campaign)
    _check_period(begins, ends)
    phase = Phase(campaign=campaign, name=name, begins=begins, ends=ends)
    _check_inside(campaign.begins, campaign.ends, [phase])
    return register.store(phase, by=by)


@transaction.atomic
def add_target(campaign: Campaign, *, by: Actor, name: str, unit: str, counting: str) -> Target:
    check_manages(by)
    return register.store(Target(campaign=_open(campaign), name=name, unit=unit, counting=counting), by=by)


@transaction.atomic
def add_tasks(
    campaign: Campaign,
    amounts: Mapping[Department, int],
    *,
    by: Actor,
    target: Target,
    phase: Phase | None = None,
    begins: dt.date | None = None,
    ends: dt.date | None = None,
    note: str = "",
) -> list[Task]:
    """One task per unit. Without days of its own, a task has those of its phase, else of the campaign."""
    check_manages(by)
    campaign = _open(campaign)
    if not amounts:
        raise UserError(_("请至少给一个责任单位填写目标量"), field="amounts")
    period = phase or campaign
    begins, ends = begins or period.begins, ends or period.ends
    _check_period(begins, ends)
    tasks = [
        Task(campaign=campaign, target=target, phase=phase, department=department, amount=amount, begins=begins,
             ends=ends, note=note)
        for department, amount in amounts.items()
    ]  # fmt: skip
    _check_inside(campaign.begins, campaign.ends, tasks)
    for task in tasks:
        register.store(task, by=by)
        if campaign.state == State.RUNNING:
            announce_task(task)
    return tasks


@transaction.atomic
def change_task(task: Task, *, by: Actor, **fields: Any) -> Task:
    check_manages(by)
    campaign = _open(task.campaign)
    task = register.locked(task)
    begins, ends = fields.get("begins", task.begins), fields.get("ends", task.ends)
    _check_period(begins, ends)
    _check_inside(campaign.begins, campaign.ends, [Task(begins=begins, ends=ends)])
    register.change(task, fields, by=by)
    return task


@transaction.atomic
def remove_task(task: Task, *, by: Actor) -> None:
    """Only while nobody has worked on it; afterwards its history has to stay."""
    check_manages(by)
    _open(task.campaign)
    if task.evidence.exists() or task.prompts.exists() or task.state != Task.State.OPEN:
        raise UserError(_("这项任务已有填报或催办，不能删除；可以修改目标量或时限"))
    register.record(task, "removed", register.content(task), {}, by=by)
    task.delete()


@transaction.atomic
def start(campaign: Campaign, *, by: Actor) -> Campaign:
    """From now on tasks are worked on and cases belong to it by themselves."""
    check_manages(by)
    campaign = _open(campaign)
    if campaign.state != State.PLANNED:
        raise UserError(_("专项行动“%s”已经启动") % campaign.name)
    tasks = list(campaign.tasks.all())
    if not tasks:
        raise UserError(_("还没有分解任务；请先给责任单位下达任务，再启动"))
    register.change(campaign, {"state": State.RUNNING}, by=by, action="started")
    link_standing_cases(campaign)
    for task in tasks:
        announce_task(task)
    return campaign


@transaction.atomic
def cancel(campaign: Campaign, *, by: Actor) -> Campaign:
    check_manages(by)
    campaign = _open(campaign)
    register.change(campaign, {"state": State.CANCELLED}, by=by, action="cancelled")
    return campaign


def announce_task(task: Task) -> None:
    events.append("campaign.task", f"campaign_task:{task.pk}", {"kind": "given"})


def _open(campaign: Campaign) -> Campaign:
    """The campaign as it stands now, locked, or a sentence that it has ended."""
    campaign = register.locked(campaign)
    if not campaign.is_open:
        raise UserError(_("专项行动“%s”已经结束，不能再修改") % campaign.name)
    return campaign


def _check_period(begins: dt.date, ends: dt.date) -> None:
    if ends < begins:
        raise UserError(_("结束日期不能早于开始日期"), field="ends")
    if ends - begins > LONGEST:
        raise UserError(_("起止最长三年；请修改结束日期"), field="ends")


def _check_inside(begins: dt.date, ends: dt.date, parts: Sequence[Phase | Task]) -> None:
    for part in parts:
        if part.begins < begins or part.ends > ends:
            period = {"begins": begins.isoformat(), "ends": ends.isoformat()}
            raise UserError(_("阶段和任务须在行动的起止之内（%(begins)s 至 %(ends)s）") % period, field="ends")
