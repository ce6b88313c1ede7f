"""The urgent line of every desk, its two buttons, and the record of past alerts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chengyun.casework.urgent import services
from chengyun.casework.urgent.line import render_line
from chengyun.casework.urgent.models import Alert, Call
from chengyun.casework.urgent.queries import alerts_for, ringing
from chengyun.casework.urgent.telling import told
from chengyun.core import history
from chengyun.core.digits import whole
from chengyun.core.errors import Conflict, NotFound
from chengyun.core.masking import masked_phone
from chengyun.people.middleware import ActorRequest
from chengyun.ui.htmx import wants_partial

PAGE = 50


@dataclass(frozen=True)
class Shown:
    """A past call as anybody of the centre may read it."""

    call: Call
    phone: str


@never_cache
@require_GET
def line(request: ActorRequest) -> HttpResponse:
    return HttpResponse(render_line(request, ringing(request.actor)))


@require_POST
def acknowledge(request: ActorRequest, pk: int) -> HttpResponse:
    return _done(request, lambda: services.acknowledge(pk, by=request.actor))


@require_POST
def tell_call(request: ActorRequest, pk: int, outcome: str) -> HttpResponse:
    return _done(request, lambda: services.tell_call(pk, outcome, by=request.actor))


def _done(request: ActorRequest, act: Callable[[], Any]) -> HttpResponse:
    """The fresh line for the element; the page one came from where no script runs."""
    if not wants_partial(request):
        act()
        return redirect(_back(request))
    try:
        act()
    except Conflict as error:
        return HttpResponse(render_line(request, ringing(request.actor), str(error)), status=409)
    return HttpResponse(render_line(request, ringing(request.actor)))


def _back(request: ActorRequest) -> str:
    wished = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(wished, {request.get_host()}, require_https=request.is_secure())
    return wished if ours else "urgent:list"


@require_GET
def list_page(request: ActorRequest) -> HttpResponse:
    """Newest first, by key."""
    before = whole(request.GET.get("before"))
    alerts = alerts_for(request.actor).order_by("-id")
    if before is not None:
        alerts = alerts.filter(pk__lt=before)
    found = list(alerts[: PAGE + 1])
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(request, "urgent/list.html", {"alerts": found[:PAGE], "older_url": older})


@require_GET
def alert_page(request: ActorRequest, pk: int) -> HttpResponse:
    alert: Alert | None = alerts_for(request.actor).filter(pk=pk).first()
    if alert is None:
        raise NotFound(_("没有这条紧急提醒，或者您无权查看该案件。"))
    calls = [Shown(call, masked_phone(call.phone)) for call in alert.calls.order_by("number")]
    rows = [told(row) for row in history.records(alert.chain)]
    return render(request, "urgent/alert.html", {"alert": alert, "calls": calls, "history": rows})
