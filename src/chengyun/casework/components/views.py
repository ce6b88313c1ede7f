from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chengyun.casework.cases import filters
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import case_for
from chengyun.casework.cases.rows import rows_of
from chengyun.casework.components import queries, rights
from chengyun.casework.components.forms import ComponentForm
from chengyun.casework.components.queries import link_of
from chengyun.casework.components.services import link, unlink
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.people.middleware import ActorRequest


@require_safe
def cases(request: ActorRequest) -> HttpResponse:
    """Cases about components, filed on the days from `filed_from` to `filed_to`; with `closed` only what is closed."""
    first, last = _day(request.GET.get("filed_from", "")), _day(request.GET.get("filed_to", ""))
    closed = "closed" in request.GET
    page = filters.newest_first(queries.cases_filed(request.actor, first, last, closed=closed), request.GET)
    context = {
        "rows": rows_of(page.cases, now()), "page": page, "filters": {}, "selected": "", "first": first, "last": last,
        "closed": closed,
    }  # fmt: skip
    return render(request, "components/cases.html", context)


def _day(text: str) -> dt.date:
    """Raises UserError where it is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(_("日期应写作 2026-01-31，现在是“%s”；请从报表里的数打开本页") % text[:20]) from None


@require_http_methods(["GET", "POST"])
def choose(request: ActorRequest, number: str) -> HttpResponse:
    """Choose the component of a case, on the map or from what is near."""
    case = case_for(request.actor, number)
    rights.check_may_choose(request.actor, case)
    if request.method == "POST" and "none" in request.POST:
        unlink(case, by=request.actor)
        return redirect(case)
    standing = link_of(case)
    initial = {"component": standing.component.identifier if standing else ""}
    form = ComponentForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _linked(request, case, form):
        return redirect(case)
    context = {"case": case, "form": form, "standing": standing}
    return render(request, "components/choose.html", context, status=422 if form.is_bound else 200)


def _linked(request: ActorRequest, case: Case, form: ComponentForm) -> bool:
    try:
        made = link(case, form.cleaned_data["component"].strip(), by=request.actor)
    except UserError as error:
        form.add_error("component", str(error))
        return False
    messages.success(request, _("已关联部件 %s。") % made.component.identifier)
    return True
