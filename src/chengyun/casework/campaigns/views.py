"""Campaigns: the list, one campaign, its plan; tasks stand in `task_views`, the report in `report_views`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengyun.casework.campaigns import access, forms, progress, queries
from chengyun.casework.campaigns.models import Campaign, Prompt
from chengyun.casework.campaigns.services import linking, planning
from chengyun.casework.cases import filters
from chengyun.casework.cases import queries as case_queries
from chengyun.casework.cases.rows import rows_of
from chengyun.core.digits import whole
from chengyun.core.errors import NotAllowed, UserError
from chengyun.core.instants import now
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.telling import told_history
from chengyun.people.registers.views.parts import posted, tried


def done(request: ActorRequest, campaign: Campaign, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(campaign)


def deed(request: ActorRequest, campaign: Campaign, do: Callable[[], Any], sentence: str) -> HttpResponse:
    """A button without a form: its refusal is told on the page it came from."""
    try:
        do()
    except NotAllowed:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect(campaign)
    return done(request, campaign, sentence)


@require_GET
def campaigns(request: ActorRequest) -> HttpResponse:
    _require_reader(request)
    page = queries.page_of(request.actor, request.GET)
    asked = {name: request.GET[name] for name in ("state", "q") if request.GET.get(name)}
    context = {
        "rows": page.rows,
        "older_url": f"?{urlencode(asked | {'before': page.older})}" if page.older else "",
        "states": Campaign.State.choices,
        "asked": asked,
        "tasks": queries.my_tasks(request.actor),
        "prompts": list(queries.open_prompts(request.actor)[:20]),
        "may_manage": access.may_manage(request.actor),
    }
    return render(request, "campaigns/campaigns.html", context)


def _require_reader(request: ActorRequest) -> None:
    if not request.actor.has(*access.READERS):
        raise NotAllowed(_("专项行动由指挥中心和各责任单位查看，如需查看请联系指挥中心"))


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    access.check_manages(request.actor)
    form = forms.CampaignForm(posted(request))
    if form.is_valid() and (made := tried(form, lambda: planning.create(by=request.actor, **form.cleaned_data))):
        return done(request, made, _("已建立专项行动“%s”，接着设置指标和任务") % made.name)
    return _form_page(request, form, None, _("新建专项行动"))


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    access.check_manages(request.actor)
    campaign = access.campaign_for(request.actor, pk)
    form = forms.CampaignForm(posted(request), campaign=campaign)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: planning.change(campaign, by=request.actor, **given)):
            return done(request, campaign, _("已保存。"))
    return _form_page(request, form, campaign, _("修改方案"))


@require_http_methods(["GET", "POST"])
def new_phase(request: ActorRequest, pk: int) -> HttpResponse:
    return _part(request, pk, forms.PhaseForm(posted(request)), planning.add_phase, _("新增阶段"))


@require_http_methods(["GET", "POST"])
def new_target(request: ActorRequest, pk: int) -> HttpResponse:
    return _part(request, pk, forms.TargetForm(posted(request)), planning.add_target, _("新增指标"))


def _part(request: ActorRequest, pk: int, form: Any, add: Callable[..., Any], title: str) -> HttpResponse:
    access.check_manages(request.actor)
    campaign = access.campaign_for(request.actor, pk)
    if form.is_valid() and tried(form, lambda: add(campaign, by=request.actor, **form.cleaned_data)):
        return done(request, campaign, _("已保存。"))
    return _form_page(request, form, campaign, title)


def _form_page(request: ActorRequest, form: BaseForm, campaign: Campaign | None, title: str) -> HttpResponse:
    context = {"form": form, "campaign": campaign, "title": title}
    return render(request, "campaigns/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new_tasks(request: ActorRequest, pk: int) -> HttpResponse:
    access.check_manages(request.actor)
    campaign = access.campaign_for(request.actor, pk)
    form = forms.TasksForm(campaign, posted(request))
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("target", "phase", "ends", "note")}
        made = tried(form, lambda: planning.add_tasks(campaign, form.amounts(), by=request.actor, **given))
        if made:
            return done(request, campaign, _("已下达 %d 项任务") % len(made))
    context = {"form": form, "campaign": campaign}
    return render(request, "campaigns/tasks.html", context, status=422 if form.errors else 200)


@require_GET
def campaign(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    tasks = progress.of_tasks(access.tasks_for(request.actor).filter(campaign=row))
    prompts = Prompt.objects.filter(task__in=[each.task for each in tasks])
    context = {
        "campaign": row,
        "share": progress.overall(tasks),
        "targets": progress.of_targets(tasks, row.targets.all()),
        "tasks": sorted(tasks, key=lambda each: (-each.share, each.task.pk)),
        "phases": list(row.phases.all()),
        "cases": progress.case_figures(row),
        "classes": sorted({each.name for each in row.minor_classes.all()}),
        "prompts": list(prompts.select_related("task__department", "task__target")[:20]),
        "history": told_history([row])[:20],
        "may_manage": access.may_manage(request.actor),
    }
    return render(request, "campaigns/campaign.html", context)


@require_POST
def start(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    return deed(request, row, lambda: planning.start(row, by=request.actor), _("行动已启动，任务已通知各责任单位"))


@require_POST
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    return deed(request, row, lambda: planning.cancel(row, by=request.actor), _("行动已取消"))


@require_GET
def cases(request: ActorRequest, pk: int) -> HttpResponse:
    """The campaign's cases that the reader may see; with `task`, those behind that task's figure."""
    row = access.campaign_for(request.actor, pk)
    asked = whole(request.GET.get("task"))
    task = None if asked is None else access.task_for(request.actor, asked)
    seen = case_queries.visible_to(request.actor)
    found = (
        seen.filter(pk__in=progress.cases_of(task).values("pk")) if task else seen.filter(campaign_links__campaign=row)
    )
    page = filters.newest_first(found, request.GET)
    context: dict[str, Any] = {
        "campaign": row, "task": task, "rows": rows_of(page.cases, now()), "page": page, "filters": {}, "selected": "",
        "may_manage": access.may_manage(request.actor),
    }  # fmt: skip
    return render(request, "campaigns/cases.html", context)


@require_POST
def link(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    number = request.POST.get("number", "")
    return deed(request, row, lambda: linking.link_by_hand(row, number, by=request.actor), _("已关联案件 %s") % number)


@require_POST
def unlink(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    number = request.POST.get("number", "")
    return deed(request, row, lambda: linking.unlink(row, number, by=request.actor), _("已移出案件 %s") % number)
