"""The twelve counties of a real prefecture, in GCJ-02 as maps on the web have them."""

import json

import pytest
import shapely
from shapely.geometry import mapping, shape

from chengyun.core.geometry import to_wgs84
from chengyun.people.access import SYSTEM
from chengyun.regions import locate as locating
from chengyun.regions.locate import locate_many
from chengyun.regions.services.importing import import_regions

pytestmark = [pytest.mark.django_db, pytest.mark.shared]
PREFECTURE = "370100"


@pytest.fixture
def counties(shared):
    return json.loads((shared / "data/geo/jinan_370100_gcj02.json").read_text(encoding="utf-8"))


def feature(code: str, level: str, geometry: object) -> dict[str, object]:
    return {"type": "Feature", "properties": {"code": code, "level": level, "name": code}, "geometry": geometry}


@pytest.fixture
def content(counties):
    whole = shapely.union_all([shape(county["geometry"]) for county in counties])
    features = [feature(str(county["properties"]["adcode"]), "county", county["geometry"]) for county in counties]
    features.append(feature(PREFECTURE, "prefecture", mapping(whole)))
    collection = {"type": "FeatureCollection", "coordinate_system": "gcj02", "features": features}
    return json.dumps(collection).encode()


def test_a_real_prefecture_is_imported_and_knows_its_counties(content, counties):
    outcome = import_regions(content, name="真实边界", by=SYSTEM)
    assert list(map(str, outcome.faults)) == []
    locating.forget()
    seats = [to_wgs84(*county["properties"]["center"], "gcj02") for county in counties]
    found = [place.county_code for place in locate_many(*zip(*seats, strict=True))]
    assert found == [str(county["properties"]["adcode"]) for county in counties]
