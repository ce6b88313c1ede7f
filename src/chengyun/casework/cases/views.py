"""The pages of casework: queue, lists, one case, its steps, notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengyun.casework.cases import filters, near, notices, orders
from chengyun.casework.cases.forms import Around, StepForm, add_fault
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.options import filter_options
from chengyun.casework.cases.page import PROPOSING, CasePage, case_page, proposal_for
from chengyun.casework.cases.queries import asking, case_for, queue, visible_to
from chengyun.casework.cases.rights import Offer, offers
from chengyun.casework.cases.rows import rows_of
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services.steps import take_step
from chengyun.casework.cases.writer import load
from chengyun.core import files
from chengyun.core.errors import Conflict, NotAllowed, UserError
from chengyun.core.instants import now
from chengyun.people.middleware import ActorRequest
from chengyun.ui.htmx import wants_partial

TABS = {"mine": queue, "asks": asking}


@require_GET
def queue_page(request: ActorRequest) -> HttpResponse:
    """What lies before me, soonest due first; the chosen case stands beside it."""
    if (query := near.settled(request.GET)) is not None:
        return redirect(f"{request.path}?{query}")
    tab = request.GET.get("tab", "mine")
    source, chosen = TABS.get(tab, queue)(request.actor), filters.chosen(request.GET)
    page = filters.soonest_first(filters.filtered(source, chosen), request.GET)
    counts = filters.counted_all({name: cases(request.actor) for name, cases in TABS.items()})
    context = _list_context(request, page, chosen) | {"tab": tab, "counts": counts, "is_queue": True}
    return render(request, "cases/_rows.html" if wants_partial(request) else "cases/queue.html", context)


@require_GET
def list_page(request: ActorRequest) -> HttpResponse:
    """Every case that I may see, newest first."""
    if (query := near.settled(request.GET)) is not None:
        return redirect(f"{request.path}?{query}")
    chosen = filters.chosen(request.GET)
    page = filters.newest_first(filters.filtered(visible_to(request.actor), chosen), request.GET)
    context = _list_context(request, page, chosen)
    return render(request, "cases/_rows.html" if wants_partial(request) else "cases/list.html", context)


def _list_context(request: ActorRequest, page: filters.Page, chosen: dict[str, Any]) -> dict[str, Any]:
    sort = orders.sort_in(request.GET)
    return {
        "rows": rows_of(page.cases, now()),
        "page": page,
        "filters": chosen,
        "options": filter_options(),
        "query": request.GET.get("q", ""),
        "sort": sort,
        "by_change": sort.startswith("changed"),
        "selected": filters.number_in(request.GET),
        "new_case_url": new_case_url(),
    }


def new_case_url() -> str:
    """The desk's form is a floor above; without it there is no button."""
    try:
        return reverse("desk:new")
    except NoReverseMatch:
        return ""


@require_GET
def show_case(request: ActorRequest, number: str) -> HttpResponse:
    case = case_for(request.actor, number)
    page = case_page(case, request.actor)
    context = {"page": page, "case": case, "form": _first_form(request, page), "live_case": case.pk}
    return render(request, "cases/_case.html" if wants_partial(request) else "cases/case.html", context)


def _first_form(request: ActorRequest, page: CasePage) -> StepForm | None:
    """The form of the step that comes next stands open; the others open on a click."""
    wanted = request.GET.get("step", "")
    chosen = next((offer for offer in page.offers if offer.verb == wanted), None)
    offer = chosen or next(iter(page.main_offers), None)
    return _form(page.case, offer, page) if offer else None


def _form(case: Case, offer: Offer, page: CasePage | None = None, data: Any = None, uploads: Any = None) -> StepForm:
    view = page.proposal if page else proposal_for(case)
    return StepForm(Around(case, offer, view.proposal if view else None), data, uploads)


@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, verb: str) -> HttpResponse:
    case = case_for(request.actor, number)
    if request.method == "GET":
        offer = _offer(request, case, verb)
        proposal = proposal_for(case) if case.stage in PROPOSING else None
        form = StepForm(Around(case, offer, proposal.proposal if proposal else None))
        return render(request, "cases/_step.html", {"case": case, "form": form, "offer": offer, "proposal": proposal})
    return _take(request, case, verb)


def _offer(request: ActorRequest, case: Case, verb: str) -> Offer:
    found = offers(request.actor, load(case), now(), rules_for(case.township_code))
    offer = next((each for each in found if each.verb == verb), None)
    if offer is None:
        raise NotAllowed(_("现在不能办理这一步：案件已有变化，或不由您办理；请刷新页面"))
    return offer


def _take(request: ActorRequest, case: Case, verb: str) -> HttpResponse:
    if request.POST.get("version") != str(case.version):
        raise Conflict(_("该案件刚被他人办理；请查看最新情况后再操作"))
    offer = _offer(request, case, verb)
    form = _form(case, offer, None, request.POST, request.FILES)
    if form.is_valid():
        try:
            take_step(case.pk, verb, by=request.actor, **_brought(request, form))
        except (Conflict, NotAllowed):
            raise
        except UserError as error:
            add_fault(form, error)
        else:
            return _onwards(request, case)
    page = None if wants_partial(request) else case_page(case, request.actor)
    context = {"case": case, "form": form, "offer": offer, "page": page}
    return render(request, "cases/_step.html" if wants_partial(request) else "cases/case.html", context, status=422)


def _brought(request: ActorRequest, form: StepForm) -> dict[str, Any]:
    brought = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [])}
    if "photos" in brought:
        brought["photos"] = [files.store(upload, by=request.actor).pk for upload in brought["photos"]]
    if form.around.proposal:
        brought["proposal"] = {"department_id": form.around.proposal.main_department_id}
    return brought


def _onwards(request: ActorRequest, case: Case) -> HttpResponse:
    """Back to the case with its next step; htmx swaps the case beside the queue."""
    if wants_partial(request):
        fresh = case_for(request.actor, case.number) if visible_to(request.actor).filter(pk=case.pk).exists() else None
        if fresh is None:
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("cases:queue")})
        page = case_page(fresh, request.actor)
        context = {"page": page, "case": fresh, "form": _first_form(request, page)}
        response = render(request, "cases/_case.html", context)
        response["HX-Trigger"] = "case-changed"
        return response
    return redirect(case)


@require_GET
def notice_page(request: ActorRequest) -> HttpResponse:
    found = notices.notices_of(request.actor).select_related("case").order_by("-id")[: filters.PAGE]
    return render(request, "cases/notices.html", {"notices": list(found)})


@require_POST
def read_notices(request: ActorRequest) -> HttpResponse:
    notices.mark_read(request.actor)
    return redirect("cases:notices")
