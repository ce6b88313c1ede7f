"""The wall, what it polls, its heat layer, and the leader's page for the pocket."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from chengyun.core import configuration
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.people.middleware import ActorRequest
from chengyun.ui.map_layers import described
from chengyun.web.screen import cases, pocket, scenes, standing
from chengyun.web.screen.snapshot import seen_now, snapshot_for, tiles_for

# What a browser must be able to take: all of them do, it is asked for form's sake.
PACKED = "gzip"


@never_cache
@require_GET
def wall(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    extra.require()
    context = {
        "scenes": scenes.scenes(),
        "sides": ("left", "right"),
        "words": _words(),
        "tiles": tiles_for(request.actor),
        "layers": described(request.actor.roles, on_screen=True),
        "release": settings.STATIC_VERSION,
        "seconds": configuration.value("screen.scene_seconds"),
        "is_standing": standing.is_standing(request),
    }
    return render(request, "screen/wall.html", context)


def _words() -> dict[str, Any]:
    """What the scripts say beside what the server tells."""
    days = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    weekdays = dict(zip(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), days, strict=True))
    return {
        "weekdays": weekdays,
        "fault": _("这一块暂时取不到数字"),
        "nothing": _("没有可算的案件"),
        "leftOut": _("其余 {n} 项"),
    }


@never_cache
@require_GET
def data(request: ActorRequest) -> HttpResponse:
    """The whole screen, or 204 where it is as `seen`. `X-Behind`: more is coming, in so many seconds."""
    check_reads(request.actor)
    snapshot, next_in = snapshot_for(request.actor)
    if snapshot.is_news(request.GET.get("seen", ""), is_behind=next_in is not None):
        answer = HttpResponse(snapshot.body, content_type="application/json")
        answer["Content-Encoding"] = PACKED
    else:
        answer = HttpResponse(status=204)
    if next_in is not None:
        answer["X-Behind"] = f"{next_in:.2f}"
    answer["X-Release"] = settings.STATIC_VERSION
    return answer


@require_GET
@gzip_page
def heat(request: ActorRequest) -> JsonResponse:
    check_reads(request.actor)
    return JsonResponse(cases.heat(seen_now(request.actor)))


@never_cache
@require_GET
def pocket_page(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    chosen = pocket.chosen(request.GET.get("period", ""))
    return render(request, "screen/pocket.html", pocket.told(request.actor, chosen))
