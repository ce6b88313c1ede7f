"""«Go to»: a pair of numbers in one of three systems, or the name of a place."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.geometry import SYSTEMS, gcj02_to_bd09, to_wgs84, wgs84_to_gcj02
from chengyun.regions.queries import find_places

NUMBER = re.compile(r"-?\d{1,3}(?:\.\d+)?")
PAIR = re.compile(rf"^\s*({NUMBER.pattern})\s*°?\s*[,，;；\s]\s*({NUMBER.pattern})\s*°?\s*$")


def targets(text: str, system: str, near: tuple[float, float] | None = None) -> list[dict[str, Any]]:
    """{name, lon, lat} in WGS-84, best first; nothing where nothing is found."""
    pair = PAIR.match(text)
    if pair:
        lon, lat = _in_order(float(pair[1]), float(pair[2]))
        return [_point(*to_wgs84(lon, lat, system))]
    return [_place(found) for found in find_places(text, near)] if text.strip() else []


def _in_order(first: float, second: float) -> tuple[float, float]:
    """Longitude first; in China the two cannot be mistaken, so the other order is understood too."""
    lon, lat = (second, first) if abs(first) <= 60 < abs(second) else (first, second)
    if abs(lon) > 180 or abs(lat) > 90:
        raise UserError(_("坐标超出范围：经度应在 ±180 以内，纬度应在 ±90 以内。"), field="text")
    return lon, lat


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"name": f"{lon:.6f}, {lat:.6f}", "lon": lon, "lat": lat, "kind": _("坐标")}


def _place(found: Any) -> dict[str, Any]:
    kind = _("估计位置") if found.is_estimate else ""
    return {"name": found.name, "lon": found.lon, "lat": found.lat, "kind": kind}


def in_all_systems(lon: float, lat: float) -> list[dict[str, str]]:
    """The same point in WGS-84, GCJ-02 and BD-09, to copy into another program."""
    shifted = wgs84_to_gcj02(lon, lat)
    pairs = [(lon, lat), shifted, gcj02_to_bd09(*shifted)]
    titles = (_("WGS-84 / CGCS2000"), "GCJ-02", "BD-09")
    return [
        {"system": system, "title": title, "text": f"{x:.6f}, {y:.6f}"}
        for system, title, (x, y) in zip(SYSTEMS, titles, pairs, strict=True)
    ]
