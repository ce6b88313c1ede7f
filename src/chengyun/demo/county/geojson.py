"""The county as the GeoJSON file that a surveyor would send; the real importer reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from shapely.geometry import mapping

from chengyun.demo.county.regions import RegionShape


def collection(regions: Iterable[RegionShape]) -> bytes:
    content = {"type": "FeatureCollection", "features": [_feature(region) for region in regions]}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(region: RegionShape) -> dict[str, Any]:
    properties = {
        "level": region.level,
        "code": region.code,
        "parent_code": region.parent_code,
        "name": region.name,
        "area_class": region.area_class,
    }
    return {"type": "Feature", "properties": properties, "geometry": mapping(region.shape)}
