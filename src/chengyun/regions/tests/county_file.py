"""The made-up county as a file that tests spoil."""

from __future__ import annotations

import json

import shapely
from shapely.geometry import Polygon

from chengyun.people.access import SYSTEM
from chengyun.regions.services.importing import Outcome, import_regions
from chengyun.regions.tests import land


class File:
    """GeoJSON, as a surveyor hands it in."""

    def __init__(self) -> None:
        self.features = [
            {
                "type": "Feature",
                "properties": {"code": code, "name": code, "level": level.value, "parent_code": parent},
                "geometry": json.loads(shapely.to_geojson(shape)),
            }
            for level, code, parent, shape in land.regions()
        ]
        self.members: dict[str, object] = {}

    def feature(self, code: str) -> dict:
        return next(feature for feature in self.features if feature["properties"]["code"] == code)

    def put(self, which: str, /, **properties: object) -> None:
        self.feature(which)["properties"].update(properties)

    def draw(self, code: str, shape: Polygon) -> None:
        self.feature(code)["geometry"] = json.loads(shapely.to_geojson(shape))

    def without(self, *codes: str) -> None:
        self.features = [feature for feature in self.features if feature["properties"]["code"] not in codes]

    @property
    def content(self) -> bytes:
        return json.dumps({"type": "FeatureCollection", "features": self.features, **self.members}).encode()

    def load(self, **options: object) -> Outcome:
        return import_regions(self.content, name="试验县", by=SYSTEM, **options)
