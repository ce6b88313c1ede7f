"""Schemes: the list, and one with its versions, which the evaluator may follow by a new one."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chengyun.core.errors import NotFound
from chengyun.core.instants import today
from chengyun.insight.evaluation import access, objects, showing
from chengyun.insight.evaluation import schemes as rules
from chengyun.insight.evaluation.forms import SchemeForm
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import posted, tried


@require_safe
def schemes(request: ActorRequest) -> HttpResponse:
    access.check_reads_all(request.actor)
    region_code = access.region_of(request.actor)
    found = []
    for kind, title in objects.SCHEMES.items():
        plan = rules.in_force(kind, today(), region_code)
        found.append({"kind": kind, "title": title, "plan": plan, "lines": showing.line_words(plan, 0)})
    context = {"schemes": found, "may_write": access.may_write(request.actor)}
    return render(request, "evaluation/schemes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def scheme(request: ActorRequest, kind: str) -> HttpResponse:
    """Saved, it is a new version; the versions before stay for the periods that began under them."""
    access.check_reads_all(request.actor)
    if kind not in objects.SCHEMES:
        raise NotFound(_("没有这种评价方案"))
    region_code = access.region_of(request.actor)
    versions = rules.versions(kind, region_code)
    plan = rules.in_force(kind, today(), region_code)
    may_write = access.may_write(request.actor)
    is_form = may_write or request.method == "POST"
    form = SchemeForm(rules.to_change(kind, region_code), posted(request)) if is_form else None
    if form and form.is_bound:
        access.check_writes(request.actor)
        save = partial(_save, form, request)
        if form.is_valid() and tried(form, save):
            messages.success(request, _("方案已保存，从 %s 起生效") % form.cleaned_data["valid_from"])
            return redirect("evaluation:scheme", kind)
    context = {
        "kind": kind, "title": objects.SCHEMES[kind], "plan": plan, "form": form, "versions": versions,
        "lines": showing.line_words(plan, 0), "may_write": may_write,
    }  # fmt: skip
    status = 422 if form and form.is_bound else 200
    return render(request, "evaluation/scheme.html", context, status=status)


def _save(form: SchemeForm, request: ActorRequest) -> bool:
    rules.save(form.cleaned_data["plan"], form.cleaned_data["valid_from"], by=request.actor)
    return True
