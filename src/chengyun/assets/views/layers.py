"""The register for maps: vector tiles, a small box as GeoJSON, what is near a point."""

from __future__ import annotations

import gzip
import math

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengyun.assets import tiles as vector
from chengyun.assets.models import Component, State
from chengyun.assets.queries import component_codes, inside, nearest
from chengyun.assets.services import stamp
from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.taxonomy.queries import catalogue

MOST_IN_BOX = 2_000
NEAR_M = 150.0
MOST_NEAR = 20


@require_safe
def tile(request: ActorRequest, z: int, x: int, y: int) -> HttpResponse:
    wanted, serial = vector.checked(z, x, y), stamp.serial()
    etag = f'"{serial}-{z}-{x}-{y}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = _tile(vector.kept.get(serial, wanted), "gzip" in request.headers.get("Accept-Encoding", ""))
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _tile(content: bytes, zipped: bool) -> HttpResponse:
    if not content:
        return HttpResponse(status=204)
    response = HttpResponse(
        gzip.compress(content, 5) if zipped else content, content_type="application/vnd.mapbox-vector-tile"
    )
    if zipped:
        response["Content-Encoding"] = "gzip"
    return response


@require_safe
def box(request: ActorRequest) -> JsonResponse:
    """Components in `?bbox=min_lon,min_lat,max_lon,max_lat`; `more` says that there are more than are sent."""
    rows = inside(_box(request.GET.get("bbox", ""))).order_by("id")[: MOST_IN_BOX + 1]
    found = list(rows)
    features = [_feature(each) for each in found[:MOST_IN_BOX]]
    return JsonResponse({"type": "FeatureCollection", "features": features, "more": len(found) > MOST_IN_BOX})


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise UserError(_("范围应是四个数：最小经度,最小纬度,最大经度,最大纬度。"), field="bbox") from error
    if not all(map(math.isfinite, (west, south, east, north))) or west > east or south > north:
        raise UserError(_("范围的最小值不能大于最大值。"), field="bbox")
    return west, max(south, -85.0), east, min(north, 85.0)


def _feature(component: Component) -> dict[str, object]:
    properties = {
        "identifier": component.identifier,
        "name": component.name,
        "title": f"{component.name} · {component.get_state_display()}",
        "class": component.class_code,
        "state": component.state,
        "lamp": "" if component.state == State.INTACT else "red",
        "href": reverse("assets:component", args=[component.identifier]),
    }
    geometry = {"type": "Point", "coordinates": [component.lon, component.lat]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@require_safe
def near(request: ActorRequest) -> JsonResponse:
    """What stands around `?at=lon,lat`, nearest first; `class` is a component's, `minor` (an id) that of a case."""
    lon, lat = _point(request.GET.get("at", ""))
    code, minor = request.GET.get("class", ""), request.GET.get("minor", "")
    minor_id = whole(minor)
    codes = [] if minor_id is None else component_codes(catalogue().minors.get(minor_id))
    found = nearest(lon, lat, code[:5], MOST_NEAR, NEAR_M, class_codes=codes)
    features = []
    for each in found:
        feature = _feature(each.component)
        words = {
            "metres": round(each.metres, 1),
            "said": _("%(name)s · %(state)s · %(metres).0f 米") % {
                "name": each.component.name, "state": each.component.get_state_display(), "metres": each.metres
            },
            "road": each.component.road,
        }  # fmt: skip
        assert isinstance(feature["properties"], dict)
        feature["properties"] |= words
        features.append(feature)
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _point(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError as error:
        raise UserError(_("位置应为“经度,纬度”，如 117.1,37.3。"), field="at") from error
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        raise UserError(_("经度须在 -180 到 180 之间，纬度须在 -85 到 85 之间。"), field="at")
    return lon, lat
