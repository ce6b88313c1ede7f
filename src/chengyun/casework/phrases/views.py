"""Phrases for a step's form, and the pages on which they are kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengyun.casework.cases.forms import add_fault
from chengyun.casework.cases.queries import case_for
from chengyun.casework.phrases import queries, services
from chengyun.casework.phrases.forms import PhraseForm
from chengyun.casework.phrases.models import Phrase, step_choices
from chengyun.core.errors import NotFound, UserError
from chengyun.people import register
from chengyun.people.middleware import ActorRequest

PAGE = 500


@require_safe
def offered(request: ActorRequest, number: str, verb: str) -> JsonResponse:
    """`{phrases: [{id, text}]}` for a step of a case, filled in, used most first."""
    case = case_for(request.actor, number)
    found = queries.offered(case, verb, request.actor)
    return JsonResponse({"phrases": [{"id": each.id, "text": each.text} for each in found]})


@require_POST
def used(request: ActorRequest, pk: int) -> HttpResponse:
    services.used(_phrase(request, pk))
    return HttpResponse(status=204)


@require_safe
def phrases(request: ActorRequest) -> HttpResponse:
    """Every phrase that I am offered, by step; a county's register of phrases is short."""
    asked, steps = request.GET.get("verb", ""), step_choices()
    verb = asked if asked in dict(steps) else ""
    rows = queries.seen_by(request.actor).select_related("department", "use").order_by("verb", "class_prefix", "id")
    chosen = rows.filter(verb=verb) if verb else rows
    context = {"phrases": [_row(request, each) for each in chosen[:PAGE]], "verb": verb, "steps": steps}
    return render(request, "phrases/phrases.html", context)


def _row(request: ActorRequest, phrase: Phrase) -> dict[str, object]:
    may = services.may_change(request.actor, phrase.scope, phrase.department_id, phrase.owner_id)
    count = phrase.use.count if hasattr(phrase, "use") else 0
    return {"phrase": phrase, "may_change": may, "count": count}


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    form = PhraseForm(request.actor, request.POST or None, initial={"verb": request.GET.get("verb", "")})
    if request.method == "POST" and form.is_valid():
        try:
            services.add(by=request.actor, **form.cleaned_data)
        except UserError as error:
            add_fault(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("phrases:phrases")
    return render(request, "phrases/phrase.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    row = _phrase(request, pk)
    if request.method == "POST":
        services.check_may_change(row, by=request.actor)
    initial = {"text": row.text, "verb": row.verb, "class_prefix": row.class_prefix}
    form = PhraseForm(request.actor, request.POST or None, initial=initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(row, by=request.actor, **form.cleaned_data)
        except UserError as error:
            add_fault(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("phrases:phrases")
    context = _row(request, row) | {"form": form, "row": row, "history": register.history(row)}
    return render(request, "phrases/phrase.html", context, status=422 if form.errors else 200)


@require_POST
def retire(request: ActorRequest, pk: int) -> HttpResponse:
    services.retire(_phrase(request, pk), by=request.actor)
    messages.success(request, _("已停用，不再提示。"))
    return redirect("phrases:phrases")


def _phrase(request: ActorRequest, pk: int) -> Phrase:
    row = queries.seen_by(request.actor).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有这条惯用语，或者不归您使用"))
    return row
