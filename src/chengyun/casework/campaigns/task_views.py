"""One task: what was done, the unit's report, acceptance, prompts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chengyun.casework.campaigns import access, forms, progress
from chengyun.casework.campaigns.models import Campaign, Counting, Evidence, Prompt, Task
from chengyun.casework.campaigns.services import planning, working
from chengyun.casework.campaigns.views import deed
from chengyun.core import files
from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.core.file_models import StoredFile
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import posted, tried


@require_http_methods(["GET", "POST"])
def task(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.task_for(request.actor, pk)
    form = _evidence_form(row, request)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: working.report(row, by=request.actor, **given)):
            messages.success(request, _("已填报。"))
            return redirect(row)
    return _page(request, row, form)


def _evidence_form(row: Task, request: ActorRequest) -> forms.EvidenceForm:
    uploads = request.FILES if request.method == "POST" else None
    counts_cases = row.target.counting != Counting.EVIDENCE
    return forms.EvidenceForm(posted(request), uploads, counts_cases=counts_cases, unit=row.target.unit)


def _page(request: ActorRequest, row: Task, form: forms.EvidenceForm, **more: Any) -> HttpResponse:
    (mine,) = progress.of_tasks([row])
    is_running = row.campaign.state == Campaign.State.RUNNING
    may_manage = access.may_manage(request.actor)
    context = {
        "task": row,
        "mine": mine,
        "form": form,
        "evidence": _told(row),
        "prompts": list(row.prompts.all()),
        "counts_cases": row.target.counting != Counting.EVIDENCE,
        "may_report": is_running and row.state == Task.State.OPEN and access.may_work(request.actor, row),
        "may_manage": may_manage and is_running,
        "prompt_form": forms.PromptForm(),
        "return_form": forms.ReturnForm(),
        "change_form": forms.TaskForm(initial={"amount": row.amount, "ends": row.ends, "note": row.note}),
    } | more
    faulty = any(getattr(each, "errors", None) for each in (form, *more.values()))
    return render(request, "campaigns/task.html", context, status=422 if faulty else 200)


def _told(row: Task) -> list[dict[str, Any]]:
    """Each piece of evidence with its pictures, newest first: two statements for all."""
    rows = list(row.evidence.order_by("-id")[:100])
    pictures: dict[tuple[int, str], list[StoredFile]] = {}
    kinds = (working.BEFORE, working.AFTER)
    found = StoredFile.objects.filter(owner_kind__in=kinds, owner_id__in=[each.pk for each in rows]).exclude(salt="")
    for file in found.order_by("id"):
        pictures.setdefault((file.owner_id or 0, file.owner_kind), []).append(file)
    return [
        {"row": each, "before": _shown(pictures, each, working.BEFORE), "after": _shown(pictures, each, working.AFTER)}
        for each in rows
    ]


def _shown(pictures: dict[tuple[int, str], list[StoredFile]], row: Evidence, kind: str) -> list[dict[str, str]]:
    return [
        {"thumb": files.url(file, "thumb"), "view": files.url(file, "view")}
        for file in pictures.get((row.pk, kind), [])
    ]


def _by_form(
    name: str, form_type: type[Form], do: Callable[..., object], sentence: Text
) -> Callable[[ActorRequest, int], HttpResponse]:
    """The view that does something to a task with a form of its page, the one called `name` there."""

    @require_POST
    def view(request: ActorRequest, pk: int) -> HttpResponse:
        row = access.task_for(request.actor, pk)
        form = form_type(request.POST)
        if form.is_valid() and tried(form, lambda: bool(do(row, by=request.actor, **form.cleaned_data))):
            messages.success(request, str(sentence))
            return redirect(row)
        return _page(request, row, forms.EvidenceForm(), **{name: form})

    return view


def _given_back(row: Task, *, by: Actor, text: str) -> object:
    return working.give_back(row, by=by, reason=text)


change = _by_form("change_form", forms.TaskForm, planning.change_task, gettext_lazy("已保存。"))
supervise = _by_form("prompt_form", forms.PromptForm, working.supervise, gettext_lazy("已督办。"))
give_back = _by_form("return_form", forms.ReturnForm, _given_back, gettext_lazy("已退回。"))


@require_POST
def submit(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.task_for(request.actor, pk)
    return _deed(request, row, lambda: working.submit(row, by=request.actor), _("已提交验收。"))


@require_POST
def accept(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.task_for(request.actor, pk)
    return _deed(request, row, lambda: working.accept(row, by=request.actor), _("已验收。"))


@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.task_for(request.actor, pk)
    return deed(request, row.campaign, lambda: planning.remove_task(row, by=request.actor), _("任务已删除。"))


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(
        Evidence.objects.select_related("task"), pk=pk, task__in=access.tasks_for(request.actor)
    )
    return _deed(request, evidence.task, lambda: working.withdraw(evidence, by=request.actor), _("已撤回。"))


@require_POST
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    prompt = get_object_or_404(Prompt.objects.select_related("task"), pk=pk, task__in=access.tasks_for(request.actor))
    text = request.POST.get("answer", "")[:500]
    return _deed(request, prompt.task, lambda: working.answer(prompt, by=request.actor, text=text), _("已回复。"))


def _deed(request: ActorRequest, row: Task, do: Any, sentence: str) -> HttpResponse:
    try:
        do()
    except UserError as error:
        if error.code or type(error) is not UserError:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect(row)
