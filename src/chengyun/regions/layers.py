"""Map layers beside the regions themselves: responsibility grids as the union of their cells, and named places."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import Any
from uuid import UUID

import shapely
from django.http import HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from chengyun.core import instants
from chengyun.people.middleware import ActorRequest
from chengyun.regions.models import GridCell, Level, NamedPlace, Region, RegionVersion
from chengyun.regions.outlines import DECIMALS, SIMPLIFY_DEGREES
from chengyun.regions.queries import active_version, grids_today
from chengyun.regions.views.regions import EMPTY, box_of

# What a screen can still show; the newest names give way.
MOST_PLACES = 1500

_drawn: tuple[UUID, dt.date, str] | None = None
_lock = threading.Lock()


@gzip_page
@require_safe
def grids(request: ActorRequest) -> HttpResponse:
    version = active_version()
    response = HttpResponse(_grid_text(version) if version else EMPTY, content_type="application/geo+json")
    patch_cache_control(response, private=True, max_age=60)
    return response


def _grid_text(version: RegionVersion) -> str:
    """Drawn once per process, version and day: grids are given to others from a day on."""
    global _drawn
    today = instants.today()
    with _lock:
        if _drawn is None or _drawn[:2] != (version.stamp, today):
            _drawn = (version.stamp, today, _draw(version))
        return _drawn[2]


def _draw(version: RegionVersion) -> str:
    cells = Region.objects.filter(version=version, level=Level.CELL).values_list("code", "shape")
    shapes = {code: shapely.from_wkb(bytes(shape)) for code, shape in cells}
    held: dict[int, list[Any]] = {}
    for grid_id, code in GridCell.objects.values_list("grid_id", "cell_code"):
        if code in shapes:
            held.setdefault(grid_id, []).append(shapes[code])
    features = [_feature(grid, held[grid.pk]) for grid in grids_today() if grid.pk in held]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def _feature(grid: Any, shapes: list[Any]) -> dict[str, Any]:
    outline = shapely.union_all(shapes).simplify(SIMPLIFY_DEGREES[Level.CELL])
    rounded = shapely.transform(outline, lambda points: points.round(DECIMALS))
    properties = {"name": grid.name, "code": grid.code, "collector": grid.collector.name if grid.collector else ""}
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(rounded))}


@gzip_page
@require_safe
def named_places(request: ActorRequest) -> JsonResponse:
    """Estates, landmarks and toilets in `?bbox=`; roads have lines of their own."""
    found = NamedPlace.objects.on(instants.today()).exclude(kind=NamedPlace.Kind.ROAD)
    box = box_of(request.GET.get("bbox", ""))
    if box:
        found = found.filter(lon__range=(box[0], box[2]), lat__range=(box[1], box[3]))
    rows = list(found.order_by("id").values_list("name", "kind", "lon", "lat")[: MOST_PLACES + 1])
    features = [_point(*row) for row in rows[:MOST_PLACES]]
    return JsonResponse({"type": "FeatureCollection", "features": features, "more": len(rows) > MOST_PLACES})


def _point(name: str, kind: str, lon: float, lat: float) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "properties": {"name": name, "kind": kind}, "geometry": geometry}
