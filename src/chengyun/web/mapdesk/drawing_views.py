"""The drawings in the side panel: listed, kept, changed, removed, given out as GeoJSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.web.mapdesk import drawings, shapes
from chengyun.web.mapdesk.drawings import Sketch


@require_http_methods(["GET", "POST"])
def index(request: ActorRequest) -> HttpResponse:
    if request.method == "POST":
        drawings.keep(_sketch(request), by=request.actor)
    return _listed(request)


@require_POST
def change(request: ActorRequest, drawing_id: int) -> HttpResponse:
    drawings.change(drawing_id, _sketch(request), by=request.actor)
    return _listed(request)


@require_POST
def remove(request: ActorRequest, drawing_id: int) -> HttpResponse:
    drawings.remove(drawing_id, by=request.actor)
    return _listed(request)


@require_GET
def export(request: ActorRequest, drawing_id: int | None = None) -> HttpResponse:
    """One drawing, or all that the asker sees, as GeoJSON (RFC 7946)."""
    chosen = [drawings.drawing_for(request.actor, drawing_id)] if drawing_id else drawings.drawings_of(request.actor)
    content = {"type": "FeatureCollection", "features": [drawings.feature(each) for each in chosen]}
    answer = JsonResponse(content, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="drawings.geojson"'
    return answer


def _listed(request: ActorRequest) -> HttpResponse:
    found = list(drawings.drawings_of(request.actor))
    context: dict[str, Any] = {
        "drawings": [
            {"row": each, "feature": drawings.feature(each), "is_mine": _is_mine(each, request)} for each in found
        ],
    }
    return render(request, "mapdesk/_drawings.html", context)


def _is_mine(drawing: Any, request: ActorRequest) -> bool:
    return bool(drawing.owner_id == request.actor.user_id)


def _sketch(request: HttpRequest) -> Sketch:
    kind, post = request.POST.get("kind", ""), request.POST.get("shared_post", "")
    if post and whole(post) is None:
        raise UserError(_("只能共享给自己所在部门的岗位，请重选。"), field="shared_post")
    name, note = request.POST.get("name", "").strip(), request.POST.get("note", "").strip()
    if len(name) > 50 or len(note) > 500:
        raise UserError(_("名称最多 50 字，说明最多 500 字。"), field="name")
    return Sketch(
        name=name,
        note=note,
        kind=kind,
        shape=shapes.shape_of(request.POST.get("shape", ""), kind),
        radius_m=shapes.radius_of(request.POST.get("radius", ""), kind),
        shared_post_id=int(post) if post else None,
    )
