"""我的分析: saved questions, subscriptions by e-mail, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengyun.core.errors import NotAllowed, NotFound, UserError
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.statistics import mailing, saved
from chengyun.insight.statistics.models import Sending, Subscription
from chengyun.people.middleware import ActorRequest

SENDINGS = 20


@require_GET
def page(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "statistics/absent.html")
    mine = Subscription.objects.filter(owner_id=request.actor.user_id, ended_at=None)
    sent = Sending.objects.filter(subscription__owner_id=request.actor.user_id)
    context = {
        "rows": list(saved.seen_by(request.actor)[: saved.MOST * 2]),
        "subscriptions": list(mine.select_related("analysis").order_by("-id")),
        "sendings": list(sent.select_related("subscription__analysis").order_by("-due_on", "-id")[:SENDINGS]),
        "rhythms": Subscription.Rhythm.choices,
        "is_configured": mailing.is_configured(),
        "user_id": request.actor.user_id,
    }
    return render(request, "statistics/saved.html", context)


@require_POST
def save(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    name, shared = request.POST.get("name", ""), bool(request.POST.get("shared"))
    query = request.POST.get("query", "")[:4000]
    sentence = _("已保存，可在“我的分析”里打开和订阅")
    return _done(request, lambda: saved.save(by=request.actor, name=name, query=query, shared=shared), sentence)


@require_POST
def delete(request: ActorRequest, pk: int) -> HttpResponse:
    check_reads(request.actor)
    return _done(request, lambda: saved.delete(pk, by=request.actor), _("已删除"))


@require_POST
def subscribe(request: ActorRequest, pk: int) -> HttpResponse:
    check_reads(request.actor)
    address, rhythm = request.POST.get("address", ""), request.POST.get("rhythm", "")
    return _done(
        request,
        lambda: mailing.subscribe(pk, by=request.actor, address=address, rhythm=rhythm),
        _("已订阅，从下一个发送日起发到 %s") % address.strip()[:80],
    )


@require_POST
def unsubscribe(request: ActorRequest, pk: int) -> HttpResponse:
    check_reads(request.actor)
    return _done(request, lambda: mailing.unsubscribe(pk, by=request.actor), _("已退订"))


def _done(request: ActorRequest, do: Callable[[], Any], sentence: str) -> HttpResponse:
    """A refusal is told on the page of saved questions."""
    try:
        do()
    except (NotAllowed, NotFound):
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("statistics:saved")
