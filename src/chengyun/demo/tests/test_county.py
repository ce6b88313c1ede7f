"""The demo county's geometry and names."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest
import shapely

from chengyun.demo.county import names
from chengyun.demo.county.places import build_places
from chengyun.demo.county.regions import County, build_county
from chengyun.demo.county.roads import build_roads, main_roads


@pytest.fixture(scope="module")
def county() -> County:
    return build_county()


def test_it_has_the_size_of_the_model_county(county):
    levels = Counter(region.level for region in county.regions)
    assert levels["county"] == 1
    assert levels["township"] == 11
    assert levels["community"] == 154
    assert 2_900 <= levels["cell"] <= 3_100


@pytest.mark.parametrize("level", ["cell", "community", "township"])
def test_no_two_regions_overlap_or_leave_a_gap(county, level):
    assert shapely.coverage_is_valid([region.shape for region in county.level(level)])


@pytest.mark.parametrize(
    ("parents", "level"), [("county", "township"), ("township", "community"), ("community", "cell")]
)
def test_children_fill_their_parents(county, parents, level):
    for parent in county.level(parents):
        children = [region.shape for region in county.level(level) if region.parent_code == parent.code]
        assert shapely.coverage_union_all(children).symmetric_difference(parent.shape).area < 1e-12


def test_codes_lengthen_by_three_digits_per_level(county):
    digits = {"county": 6, "township": 9, "community": 12, "cell": 15}
    for region in county.regions:
        assert len(region.code) == digits[region.level]
        assert region.code.startswith(region.parent_code)
    assert len({region.code for region in county.regions}) == len(county.regions)


def test_blocks_of_the_town_measure_about_a_hectare(county):
    hectares_per_square_degree = 983_500
    areas = sorted(
        cell.shape.area * hectares_per_square_degree for cell in county.level("cell") if cell.area_class == "A"
    )
    assert 0.9 < areas[len(areas) // 2] < 1.1


def test_coordinates_stand_on_a_grid_of_a_millionth_degree(county):
    for cell in county.level("cell"):
        for lon, lat in cell.shape.exterior.coords:
            assert (lon, lat) == (round(lon, 6), round(lat, 6))


def test_there_are_53_main_roads_and_66_toilets():
    assert len(main_roads()) == 53
    assert Counter(place.kind for place in build_places())["toilet"] == 66


def test_every_toilet_and_road_lies_in_the_county(county):
    (whole,) = county.level("county")
    assert all(whole.shape.contains(shapely.Point(place.lon, place.lat)) for place in build_places())
    assert all(whole.shape.buffer(1e-6).contains(shapely.LineString(road.points)) for road in build_roads())


def test_no_two_places_of_a_kind_share_a_name():
    assert len({road.name for road in build_roads()}) == len(build_roads())
    for kind in ("estate", "landmark", "toilet"):
        found = [place.name for place in build_places() if place.kind == kind]
        assert len(set(found)) == len(found)


def test_the_same_seed_draws_the_same_county(county):
    build_county.cache_clear()
    again = build_county()
    assert again is not county
    assert again == county


@pytest.mark.shared
def test_no_name_is_that_of_a_real_place(county, shared):
    real = township_names(shared / "data" / "geo")
    ours = {region.name for region in county.regions if region.level != "cell"}
    ours |= {word for file in ("communities", "villages", "roads", "estates") for word in names.words(file)}
    ours |= {road.name for road in build_roads()} | {place.name for place in build_places()}
    assert not ours & real


def test_the_county_code_belongs_to_no_province():
    assert names.COUNTY_CODE.startswith("99")


def township_names(folder: Path) -> set[str]:
    with gzip.open(folder / "townships_modood.csv.gz", "rt", encoding="utf-8") as file:
        return {row["name"] for row in csv.DictReader(file)}
