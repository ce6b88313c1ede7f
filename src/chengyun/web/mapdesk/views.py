"""The map workbench: the page, and what it asks for while one works with it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from chengyun.casework.cases import near
from chengyun.casework.cases.options import filter_options
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.rows import rows_of
from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.core.instants import now, today
from chengyun.people.middleware import ActorRequest
from chengyun.taxonomy.queries import county_catalogue
from chengyun.ui.map_layers import described
from chengyun.web.mapdesk import cases, drawings, going, people, preferences, tiles

MOST_IN_CARD = 10


@require_GET
def page(request: ActorRequest) -> HttpResponse:
    if (query := near.settled(request.GET)) is not None:
        return redirect(f"{request.path}?{query}")
    chosen = cases.chosen_on_map(request.GET)
    remembered = preferences.remembered(request.actor)
    bases = [layer | _liked(layer, remembered) for layer in tiles.base_layers()]
    layers = [layer | _liked(layer, remembered) for layer in described(request.actor.roles)]
    context = {
        "layers": layers,
        "setup": {
            "layers": layers,
            "colour": remembered["colour"],
            "tiles": bases,
            "majors": _majors(),
            "words": _words(),
        },
        "colour": remembered["colour"],
        "bases": bases,
        "filters": {name: value for name, value in chosen.items() if name != "open"},
        "options": filter_options(),
        "posts": drawings.posts_of(request.actor),
        "query": request.GET.get("q", ""),
        "is_open": bool(chosen.get("open")),
        "list_query": cases.list_query(request.GET),
    }
    response = render(request, "mapdesk/map.html", context)
    tiles.open_policy(response, bases)
    return response


def _liked(layer: dict[str, Any], remembered: dict[str, Any]) -> dict[str, Any]:
    kept = remembered["layers"].get(layer["key"], {})
    return {"on": kept.get("on", layer["shown"]), "opacity": kept.get("opacity", 1)}


def _words() -> dict[str, str]:
    """What the script says with figures."""
    return {
        "m": _("米"), "km": _("公里"), "m2": _("平方米"), "ha": _("公顷"), "km2": _("平方公里"),
        "length": _("长"), "around": _("周长"), "area": _("面积"), "radius": _("半径"),
    }  # fmt: skip


def _majors() -> list[list[str]]:
    """[code, name] of the major classes; their place in this list decides colour and shape."""
    majors = {row.minor.code[:2]: row.minor.major.name for row in county_catalogue(today())}
    return [list(each) for each in sorted(majors.items())]


@gzip_page
@require_GET
def points(request: ActorRequest) -> HttpResponse:
    found = cases.within(cases.cases_on_map(request.actor, request.GET), cases.box_of(request.GET.get("bbox", "")))
    content = json.dumps(cases.points(found), separators=(",", ":"))
    return HttpResponse(content, content_type="application/json")


@require_GET
def in_view(request: ActorRequest) -> HttpResponse:
    """What one sees on the map as a list, newest first: a map alone cannot be read by everybody."""
    found = cases.within(cases.cases_on_map(request.actor, request.GET), cases.box_of(request.GET.get("bbox", "")))
    listed, more = cases.listed(found)
    context = {"rows": rows_of(listed, now()), "more": more}
    return render(request, "mapdesk/_in_view.html", context)


@require_GET
def card(request: ActorRequest) -> HttpResponse:
    """The cases at one point, by id."""
    ids = [pk for each in request.GET.get("ids", "").split(",") if (pk := whole(each)) is not None]
    found = visible_to(request.actor).filter(pk__in=ids[:MOST_IN_CARD]).order_by("-id")
    rows = rows_of(list(found.select_related("main_department")), now())
    return render(request, "mapdesk/_card.html", {"rows": rows, "left_out": max(0, len(ids) - MOST_IN_CARD)})


@require_GET
def area(request: ActorRequest) -> HttpResponse:
    """Statistics of an area, `?area=` and the map's filters, and the way to the list of the same cases."""
    text = request.GET.get("area", "")
    count = cases.counted_in(cases.cases_on_map(request.actor, request.GET), text)
    context = {"count": count, "list_query": cases.list_query(request.GET, area=text), "is_open": _is_open(request)}
    return render(request, "mapdesk/_area.html", context)


def _is_open(request: HttpRequest) -> bool:
    return bool(cases.chosen_on_map(request.GET).get("open"))


@require_GET
def people_layer(request: ActorRequest) -> JsonResponse:
    places = people.last_places() if request.actor.county_wide and request.actor.has(*people.MAY_SEE) else []
    return JsonResponse({"type": "FeatureCollection", "features": [people.feature(place) for place in places]})


@require_GET
def go(request: ActorRequest) -> JsonResponse:
    """Where a name or a pair of numbers lies."""
    system = request.GET.get("system", "wgs84")
    return JsonResponse({"places": going.targets(request.GET.get("text", "")[:100], system)})


@require_GET
def coordinates(request: ActorRequest) -> JsonResponse:
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise ValueError
    except (KeyError, ValueError) as error:
        raise UserError(_("坐标应是经度和纬度两个数。"), field="lon") from error
    return JsonResponse({"systems": going.in_all_systems(lon, lat)})


@require_POST
def remember(request: ActorRequest) -> HttpResponse:
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    preferences.remember(sent, by=request.actor)
    return HttpResponse(status=204)
