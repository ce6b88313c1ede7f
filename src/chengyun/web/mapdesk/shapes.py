"""A drawn shape as the browser sends it, checked: GeoJSON, WGS-84 degrees, no more corners than a hand draws."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import shapely
from django.utils.translation import gettext as _

from chengyun.casework.cases.area import MOST_CORNERS
from chengyun.core.errors import UserError
from chengyun.web.mapdesk.models import Drawing

TYPES = {
    Drawing.Kind.POINT: "Point",
    Drawing.Kind.LINE: "LineString",
    Drawing.Kind.POLYGON: "Polygon",
    Drawing.Kind.CIRCLE: "Polygon",
}
FEWEST = {"Point": 1, "LineString": 2, "Polygon": 4}
WIDEST_M = 200_000.0


def shape_of(text: str, kind: str) -> dict[str, Any]:
    """The GeoJSON geometry, coordinates rounded to about 10 cm."""
    try:
        sent = json.loads(text)
        corners = [_corner(each) for each in _path(sent)]
        wanted = TYPES[Drawing.Kind(kind)]
    except (ValueError, OverflowError, TypeError, LookupError, RecursionError) as error:
        raise UserError(_("图形无法识别，请重画。"), field="shape") from error
    if sent["type"] != wanted or not FEWEST[wanted] <= len(corners) <= MOST_CORNERS + 1:
        raise UserError(_("图形的点数不对：线至少 2 点，面至少 3 点，最多 %d 点。") % MOST_CORNERS, field="shape")
    return {"type": wanted, "coordinates": _built(wanted, corners)}


def _path(sent: dict[str, Any]) -> Iterator[Any]:
    coordinates = sent["coordinates"]
    return iter({"Point": [coordinates], "LineString": coordinates, "Polygon": coordinates[0]}[sent["type"]])


def _corner(each: Any) -> list[float]:
    lon, lat = (round(float(number), 6) for number in each)
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError(each)
    return [lon, lat]


def _built(wanted: str, corners: list[list[float]]) -> Any:
    if wanted == "Point":
        return corners[0]
    if wanted == "LineString":
        return corners
    if corners[0] != corners[-1]:
        corners.append(corners[0])
    if not shapely.Polygon(corners).is_valid:
        raise UserError(_("范围的边不能交叉，请重画。"), field="shape")
    return [corners]


def radius_of(text: str, kind: str) -> float | None:
    if kind != Drawing.Kind.CIRCLE:
        return None
    try:
        radius = float(text)
    except ValueError:
        radius = math.nan
    if not 0 < radius <= WIDEST_M:
        raise UserError(_("圆的半径应在 0 到 200 公里之间。"), field="radius")
    return round(radius, 2)
