"""Sixteen campaigns of five departments over the last year, made by the services that people use, each at its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from chengyun.casework.campaigns import progress
from chengyun.casework.campaigns.models import Campaign, Counting, Evidence, Target, Task
from chengyun.casework.campaigns.services import closing, planning, working
from chengyun.casework.cases.models import Case
from chengyun.core import instants
from chengyun.core.file_models import StoredFile
from chengyun.demo import photos, pictures, weeks
from chengyun.demo.county import names
from chengyun.demo.organisation import CENTRE, Organisation
from chengyun.people.access import Actor, actor_for
from chengyun.people.models import Department
from chengyun.people.roles import Role
from chengyun.taxonomy.models import CountyClass, MinorClass

SEED = 16
PHASES = (("动员部署", 0.15), ("集中整治", 0.75), ("巩固提升", 1.0))
NOTES = (
    "逐点登记，当日清理完毕",
    "联合社区现场办理，已恢复整洁",
    "集中作业，往返复查未见反弹",
    "约谈责任人，限期整改到位",
)
PROBLEMS = "个别点位存在反弹，长效机制还需压实。"
NEXT_STEPS = "纳入日常巡查，每月通报，反复出现的点位由责任单位专人盯守。"


def tell(organisation: Organisation, stock: Sequence[StoredFile], now: dt.datetime) -> int:
    random = Random(SEED)
    rows = names.rows("campaigns")
    for row in rows:
        _tell(row, organisation, stock, now, random)
    return len(rows)


def _tell(
    row: dict[str, str], organisation: Organisation, stock: Sequence[StoredFile], now: dt.datetime, random: Random
) -> None:
    begins = _with_cases(row, instants.civil_day(now) + dt.timedelta(days=int(row["begins"])), instants.civil_day(now))
    ends = begins + dt.timedelta(days=int(row["days"]))
    supervisor = _actor(organisation, CENTRE, Role.SUPERVISOR)
    with instants.at(_morning(min(begins - dt.timedelta(days=10), instants.civil_day(now)))):
        campaign = _plan(row, organisation, (begins, ends, instants.civil_day(now)), supervisor, random)
    if begins > instants.civil_day(now):
        return
    with instants.at(_morning(begins)):
        planning.start(campaign, by=supervisor)
    until = min(ends, instants.civil_day(now) - dt.timedelta(days=1))
    _work(campaign, organisation, stock, until, random)
    if ends < instants.civil_day(now):
        with instants.at(_morning(ends + dt.timedelta(days=3))):
            _finish(campaign, organisation, supervisor)


def _with_cases(row: dict[str, str], begins: dt.date, today: dt.date) -> dt.date:
    """The demo tells last year and the last weeks: a campaign that counts cases of the time between was a year ago."""
    ends = begins + dt.timedelta(days=int(row["days"]))
    is_untold = begins.year == today.year and ends < today - dt.timedelta(days=weeks.DAYS)
    counts_cases = row["counting"] != Counting.EVIDENCE
    return begins - dt.timedelta(days=365) if counts_cases and is_untold else begins


def _plan(
    row: dict[str, str], organisation: Organisation, days: tuple[dt.date, dt.date, dt.date], by: Actor, random: Random
) -> Campaign:
    begins, ends, today = days
    campaign = planning.create(
        by=by, name=row["name"], goal=row["goal"], lead=organisation.departments[row["lead"]], begins=begins, ends=ends,
        minor_classes=_classes(row["classes"].split()),
    )  # fmt: skip
    first = begins
    for name, share in PHASES:
        last = begins + (ends - begins) * share
        planning.add_phase(campaign, by=by, name=name, begins=first, ends=last)
        first = last + dt.timedelta(days=1)
    target = planning.add_target(campaign, by=by, name=row["target"], unit=row["unit"], counting=row["counting"])
    planning.add_tasks(campaign, _amounts(row, organisation, target, random, today), by=by, target=target)
    return campaign


def _classes(wanted: list[str]) -> list[MinorClass]:
    rows = CountyClass.objects.filter(name__in=wanted).select_related("minor")
    return list({each.minor.pk: each.minor for each in rows}.values())


def _amounts(
    row: dict[str, str], organisation: Organisation, target: Target, random: Random, today: dt.date
) -> dict[Department, int]:
    campaign = target.campaign
    units = [organisation.departments[code] for code in row["units"].split()]
    if target.counting == Counting.EVIDENCE:
        return {unit: random.randint(15, 80) for unit in units}
    return {unit: max(3, round(_pace(row, unit, campaign, today) * random.uniform(0.9, 1.3))) for unit in units}


def _pace(row: dict[str, str], unit: Department, campaign: Campaign, today: dt.date) -> float:
    """What the unit's cases come to over the whole period, at the pace of those that are told."""
    until = min(campaign.ends, max(campaign.begins, today))
    found = Case.objects.filter(
        class_name__in=row["classes"].split(), main_department=unit,
        closed_at__gte=_morning(campaign.begins), closed_at__lt=_morning(until),
    ).count()  # fmt: skip
    return found * ((campaign.ends - campaign.begins).days / max((until - campaign.begins).days, 1))


def _work(
    campaign: Campaign, organisation: Organisation, stock: Sequence[StoredFile], until: dt.date, random: Random
) -> None:
    if campaign.targets.filter(counting=Counting.EVIDENCE).exists():
        for task in campaign.tasks.select_related("target", "department"):
            _report(task, organisation, stock, until, random)


def _report(
    task: Task, organisation: Organisation, stock: Sequence[StoredFile], until: dt.date, random: Random
) -> None:
    """Some units are through early, some lag behind."""
    pace = random.uniform(0.7, 1.15)
    span = max((task.ends - task.begins).days, 1)
    worked = (until - task.begins).days
    wanted = min(task.amount, round(task.amount * pace * worked / span))
    days = sorted(random.sample(range(worked), min(4, worked))) if worked > 0 else []
    by = _worker(organisation, task)
    for number, day in enumerate(days, start=1):
        amount = wanted * number // len(days) - wanted * (number - 1) // len(days)
        if amount:
            moment = _morning(task.begins + dt.timedelta(days=day))
            with instants.at(moment):
                told = working.report(
                    task, by=by, day=instants.civil_day(moment), amount=amount, note=random.choice(NOTES)
                )
            _show(told, by, stock, random)


def _worker(organisation: Organisation, task: Task) -> Actor:
    """The unit's own handler, or the centre for a unit that does not log in."""
    if task.department.works_online:
        return _actor(organisation, task.department.code, Role.HANDLER)
    return _actor(organisation, CENTRE, Role.SUPERVISOR)


def _show(told: Evidence, by: Actor, stock: Sequence[StoredFile], random: Random) -> None:
    if not stock:
        return
    number = random.randrange(len(stock))
    for kind, original in ((working.BEFORE, stock[number]), (working.AFTER, stock[pictures.after(number)])):
        photos.copy(original, kind, told.pk, at=told.at, by_id=by.user_id, by_name=by.name).save(force_insert=True)


def _finish(campaign: Campaign, organisation: Organisation, by: Actor) -> None:
    for each in progress.of_tasks(campaign.tasks.select_related("target", "department")):
        if each.share == 100:
            working.submit(each.task, by=_worker(organisation, each.task))
            working.accept(each.task, by=by)
    figures = closing.figures(campaign)
    results = (
        f"共下达任务 {campaign.tasks.count()} 项，总进度 {figures['share']}%，归集案件 {figures['cases']['cases']} 件。"
    )
    closing.write_report(campaign, by=by, results=results, problems=PROBLEMS, next_steps=NEXT_STEPS)
    closing.close(campaign, by=by)


def _actor(organisation: Organisation, code: str, role: Role) -> Actor:
    return actor_for(organisation.people[code, role][0])


def _morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9, 30), instants.SHANGHAI)
