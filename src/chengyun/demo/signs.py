"""What every page of the demo county shows of it: its name in the bar; its roads, water and buildings on the map."""

from __future__ import annotations

import json
from typing import Any

import shapely.geometry

from chengyun.core import configuration
from chengyun.demo.county import names
from chengyun.demo.county.plane import Point
from chengyun.demo.county.regions import build_county
from chengyun.demo.county.roads import Road, build_roads
from chengyun.demo.county.scenery import RIVER, buildings
from chengyun.demo.county.scenery import river as river_of
from chengyun.people.access import SYSTEM
from chengyun.web import basemap


def put_up() -> int:
    """The number of roads drawn; running it again changes nothing."""
    configuration.change("web.county_name", names.COUNTY_NAME, by=SYSTEM)
    roads = build_roads()
    county = build_county()
    river = {"type": "Feature", "properties": {"name": RIVER}, "geometry": shapely.geometry.mapping(river_of(county))}
    _write("roads", [_feature(road) for road in roads])
    _write("water", [river])
    _write("buildings", [_area(ring) for ring in buildings(county.town)])
    return len(roads)


def _write(name: str, features: list[dict[str, Any]]) -> None:
    file = basemap.file_of(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"type": "FeatureCollection", "features": features}
    file.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _area(ring: list[Point]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _feature(road: Road) -> dict[str, Any]:
    line = {"type": "LineString", "coordinates": road.points}
    return {"type": "Feature", "properties": {"name": road.name, "main": road.is_main}, "geometry": line}
