"""The active version's regions as GeoJSON for the map: simplified together, so that neighbours still touch."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from chengyun.regions.models import Level, Region, RegionVersion

Box = tuple[float, float, float, float]

DECIMALS = 6  # about 10 cm
# Corners that span less land than a square of this side are left out.
SIMPLIFY_DEGREES = {Level.COUNTY: 1e-4, Level.TOWNSHIP: 1e-4, Level.COMMUNITY: 5e-5, Level.CELL: 1e-5}


@dataclass(frozen=True, slots=True)
class Outlines:
    stamp: UUID
    features: NDArray[np.object_]
    bounds: NDArray[np.float64]

    def within(self, box: Box | None) -> str:
        """A FeatureCollection of those that touch the box."""
        chosen = self.features if box is None else self.features[self._touching(box)]
        return '{"type":"FeatureCollection","features":[' + ",".join(chosen.tolist()) + "]}"

    def _touching(self, box: Box) -> NDArray[np.bool_]:
        min_lon, min_lat, max_lon, max_lat = self.bounds.T
        touching: NDArray[np.bool_] = (
            (min_lon <= box[2]) & (max_lon >= box[0]) & (min_lat <= box[3]) & (max_lat >= box[1])
        )
        return touching


_drawn: dict[Level, Outlines] = {}
_lock = threading.Lock()


def outlines(version: RegionVersion, level: Level) -> Outlines:
    """Drawn once per process and version."""
    drawn = _drawn.get(level)
    if drawn is None or drawn.stamp != version.stamp:
        with _lock:
            drawn = _drawn[level] = _draw(version, level)
    return drawn


def _draw(version: RegionVersion, level: Level) -> Outlines:
    regions = list(Region.objects.filter(version=version, level=level).order_by("code"))
    shapes = shapely.from_wkb([bytes(region.shape) for region in regions])
    if regions:
        shapes = shapely.coverage_simplify(shapes, SIMPLIFY_DEGREES.get(level, 1e-4))
    rounded = shapely.transform(shapes, lambda points: points.round(DECIMALS))
    features = np.empty(len(regions), dtype=object)
    features[:] = [_feature(region, text) for region, text in zip(regions, shapely.to_geojson(rounded), strict=True)]
    bounds = np.array([[r.min_lon, r.min_lat, r.max_lon, r.max_lat] for r in regions], dtype=np.float64)
    return Outlines(version.stamp, features, bounds.reshape(-1, 4))


def _feature(region: Region, geometry: str) -> str:
    properties = {"code": region.code, "name": region.name, "level": region.level, "area_class": region.area_class}
    told = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature","properties":{told},"geometry":{geometry}}}'
