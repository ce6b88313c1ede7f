from __future__ import annotations

import hashlib
import math

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.regions.finding.search import FoundPlace
from chengyun.regions.models import Level
from chengyun.regions.outlines import Box, outlines
from chengyun.regions.queries import active_version, find_places

EMPTY = '{"type":"FeatureCollection","features":[]}'


@require_safe
def geojson(request: ActorRequest, level: str = "") -> HttpResponse:
    """Regions of one level, `?level=township`, perhaps only those touching `?bbox=min_lon,min_lat,max_lon,max_lat`."""
    chosen, box = _level(level or request.GET.get("level", "")), box_of(request.GET.get("bbox", ""))
    version = active_version()
    etag = _etag(str(version.stamp) if version else "", chosen, box)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        text = outlines(version, chosen).within(box) if version else EMPTY
        response = HttpResponse(text, content_type="application/geo+json")
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def places(request: ActorRequest) -> JsonResponse:
    """Places for an address field: `?q=` what was typed, `&near=lon,lat` where the user looks."""
    found = find_places(request.GET.get("q", "")[:100], _near(request.GET.get("near", "")))
    return JsonResponse({"places": [_told(place) for place in found]})


def _told(place: FoundPlace) -> dict[str, object]:
    return {
        "name": place.name,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "township": place.township_code,
        "match": place.match,
        "estimated": place.is_estimate,
    }


def _near(text: str) -> tuple[float, float] | None:
    """Where it cannot be read, nothing is preferred."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _level(text: str) -> Level:
    if text not in Level.values:
        raise UserError(_("层级应是 county、township、community 或 cell。"), field="level")
    return Level(text)


def box_of(text: str) -> Box | None:
    if not text:
        return None
    try:
        min_lon, min_lat, max_lon, max_lat = (float(part) for part in text.split(","))
    except ValueError as error:
        raise UserError(_("范围应是四个数：最小经度,最小纬度,最大经度,最大纬度。"), field="bbox") from error
    box = (min_lon, min_lat, max_lon, max_lat)
    if not all(map(math.isfinite, box)) or min_lon > max_lon or min_lat > max_lat:
        raise UserError(_("范围的最小值不能大于最大值。"), field="bbox")
    return box


def _etag(stamp: str, level: Level, box: Box | None) -> str:
    return '"' + hashlib.sha256(f"{stamp} {level} {box}".encode()).hexdigest()[:32] + '"'
