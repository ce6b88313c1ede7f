"""Work on a task: evidence, handing in, acceptance, prompts and their answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.campaigns import progress
from chengyun.casework.campaigns.access import check_manages, check_works
from chengyun.casework.campaigns.models import Campaign, Counting, Evidence, Prompt, Task
from chengyun.core import configuration, events, files
from chengyun.core.errors import Conflict, NotAllowed, UserError
from chengyun.core.instants import now, today
from chengyun.people import register
from chengyun.people.access import SYSTEM, Actor

BEFORE, AFTER = "campaign-before", "campaign-after"
MOST_PICTURES = 9
Uploads = Sequence[UploadedFile[bytes]]


def report(
    task: Task, *, by: Actor, day: dt.date, amount: int, note: str, before: Uploads = (), after: Uploads = ()
) -> Evidence:
    """What was done on a day, with pictures. Raises UserError; nothing is stored then."""
    check_works(by, task)
    assert by.user_id is not None
    _check_report(task, day, amount, note)
    for name, uploads in (("before", before), ("after", after)):
        if len(uploads) > MOST_PICTURES:
            raise UserError(_("一次最多 %d 张照片") % MOST_PICTURES, field=name)
    stored = [
        (kind, files.store(each, by=by)) for kind, all_of in ((BEFORE, before), (AFTER, after)) for each in all_of
    ]
    with transaction.atomic():
        _require_open(task)
        row = Evidence(
            task=task, day=day, amount=amount, note=note.strip(), at=now(), by_id=by.user_id, by_name=by.name
        )
        register.store(row, by=by)
        for kind, file in stored:
            files.attach(file, kind, row.pk)
    return row


def _check_report(task: Task, day: dt.date, amount: int, note: str) -> None:
    if task.target.counting != Counting.EVIDENCE and amount:
        raise UserError(_("这项指标按案件自动计数，完成量请填 0"), field="amount")
    if task.target.counting == Counting.EVIDENCE and not 0 < amount <= 1_000_000:
        raise UserError(_("完成量须在 1 到 1 000 000 之间"), field="amount")
    if day > today() or day < task.begins:
        raise UserError(_("日期须在任务开始（%s）与今天之间") % task.begins.isoformat(), field="day")
    if not note.strip():
        raise UserError(_("请写明情况：地点、做法、结果"), field="note")


def _require_open(task: Task) -> Task:
    """The task as it stands now, of a campaign under way."""
    task = _running(task)
    if task.state != Task.State.OPEN:
        raise Conflict(_("这项任务已提交验收；需要补充的，请等验收退回"))
    return task


def _running(task: Task) -> Task:
    """The campaign first, as whoever plans or closes it: what it freezes nobody changes meanwhile."""
    if Campaign.objects.select_for_update().get(pk=task.campaign_id).state != Campaign.State.RUNNING:
        raise UserError(_("专项行动不在进行中，不能办理任务"))
    return register.locked(task)


@transaction.atomic
def withdraw(evidence: Evidence, *, by: Actor) -> None:
    """Its author, or whoever manages campaigns, takes back what was wrong; the row stays, crossed out."""
    if evidence.by_id != by.user_id:
        check_manages(by)
    _require_open(evidence.task)
    evidence = register.locked(evidence)
    if evidence.withdrawn_at:
        raise Conflict(_("这条填报已经撤回"))
    register.change(evidence, {"withdrawn_at": now()}, by=by, action="withdrawn")


@transaction.atomic
def submit(task: Task, *, by: Actor) -> Task:
    """The unit says that it is done."""
    check_works(by, task)
    task = _require_open(task)
    (mine,) = progress.of_tasks([task])
    if mine.done < task.amount:
        told = {"done": mine.done, "amount": task.amount, "unit": task.target.unit}
        raise UserError(_("目标量 %(amount)d %(unit)s，现完成 %(done)d；完成后再提交验收") % told)
    register.change(task, {"state": Task.State.SUBMITTED}, by=by, action="submitted")
    return task


@transaction.atomic
def accept(task: Task, *, by: Actor) -> Task:
    check_manages(by)
    task = _submitted(task)
    register.change(task, {"state": Task.State.ACCEPTED}, by=by, action="accepted")
    return task


@transaction.atomic
def give_back(task: Task, *, by: Actor, reason: str) -> Task:
    check_manages(by)
    if not reason.strip():
        raise UserError(_("请写明退回原因"), field="text")
    task = _submitted(task)
    register.change(task, {"state": Task.State.OPEN}, by=by, action="returned")
    _prompt(task, Prompt.Kind.RETURNED, by.name, reason.strip())
    return task


def _submitted(task: Task) -> Task:
    task = _running(task)
    if task.state != Task.State.SUBMITTED:
        raise Conflict(_("这项任务不在待验收状态，请刷新页面"))
    return task


@transaction.atomic
def supervise(task: Task, *, by: Actor, text: str, answer_by: dt.date) -> Prompt:
    check_manages(by)
    if not text.strip():
        raise UserError(_("请写明督办内容"), field="text")
    if answer_by < today():
        raise UserError(_("回复时限不能早于今天"), field="answer_by")
    _require_open(task)
    return _prompt(task, Prompt.Kind.SUPERVISION, by.name, text.strip(), answer_by)


@transaction.atomic
def answer(prompt: Prompt, *, by: Actor, text: str) -> Prompt:
    check_works(by, prompt.task)
    if not text.strip():
        raise UserError(_("请填写回复"), field="answer")
    prompt = register.locked(prompt)
    if prompt.kind != Prompt.Kind.SUPERVISION or prompt.answered_at:
        raise NotAllowed(_("这条不需要回复，或者已经回复"))
    changed = {"answer": text.strip(), "answered_at": now(), "answered_by_name": by.name}
    register.change(prompt, changed, by=by, action="answered")
    return prompt


def remind() -> int:
    """The daily round: what falls due within the set days or is overdue, and is not done, is told once per deadline."""
    soon = today() + dt.timedelta(days=int(configuration.value("campaigns.remind_days")))
    open_tasks = Task.objects.filter(state=Task.State.OPEN, campaign__state=Campaign.State.RUNNING, ends__lte=soon)
    told = 0
    for each in progress.of_tasks(open_tasks.select_related("target", "department")):
        if each.done < each.task.amount:
            kind = Prompt.Kind.OVERDUE if each.task.ends < today() else Prompt.Kind.DUE_SOON
            told += _remind(each.task, kind)
    return told


@transaction.atomic
def _remind(task: Task, kind: Prompt.Kind) -> bool:
    if Prompt.objects.filter(task=task, kind=kind, answer_by=task.ends).exists():
        return False
    _prompt(task, kind, SYSTEM.name, "", task.ends)
    return True


def _prompt(task: Task, kind: Prompt.Kind, by_name: str, text: str, answer_by: dt.date | None = None) -> Prompt:
    row = Prompt.objects.create(task=task, kind=kind, at=now(), by_name=by_name, text=text, answer_by=answer_by)
    events.append("campaign.task", f"campaign_task:{task.pk}", {"kind": kind.value, "prompt": row.pk})
    return row
