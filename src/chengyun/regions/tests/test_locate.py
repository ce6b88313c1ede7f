import datetime as dt

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.people.tests.cast import person
from chengyun.regions import locate as locating
from chengyun.regions.locate import locate, locate_many
from chengyun.regions.models import Level, Region, RegionVersion
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db
WEST_CELL_5 = land.WEST + "001005"


def test_a_point_in_a_cell_knows_all_levels_above():
    version = land.active_version()
    place = locate(*land.middle(1, 1))
    assert place.county_code == land.COUNTY
    assert place.township_code == land.WEST
    assert place.community_code == land.WEST + "001"
    assert place.cell_code == WEST_CELL_5
    assert place.region_version_id == version.pk


def test_a_point_outside_is_blank_but_keeps_its_coordinates():
    land.active_version()
    place = locate(100.0, 20.0)
    assert (place.lon, place.lat) == (100.0, 20.0)
    assert (place.county_code, place.cell_code, place.grid_id) == ("", "", None)


def test_a_border_point_belongs_to_the_lowest_code():
    land.active_version()
    corner = land.LON + land.STEP, land.LAT + land.STEP
    assert locate(*corner).cell_code == land.WEST + "001001"


def test_a_point_between_the_cells_is_still_in_its_township():
    land.active_version(row for row in land.regions() if row[1] != WEST_CELL_5)
    place = locate(*land.middle(1, 1))
    assert (place.cell_code, place.community_code, place.township_code) == ("", land.WEST + "001", land.WEST)


def test_the_area_class_is_that_of_the_cell():
    version = land.active_version()
    Region.objects.filter(version=version, code=WEST_CELL_5).update(area_class="A")
    assert locate(*land.middle(1, 1)).area_class == "A"
    assert locate(*land.middle(0, 0)).area_class == ""


def test_the_grid_and_its_collector_come_with_the_cell():
    li = person("李采集")
    land.active_version()
    grid = land.grid("G1", WEST_CELL_5, collector=li)
    place = locate(*land.middle(1, 1))
    assert (place.grid_id, place.grid_collector_id) == (grid.pk, li.pk)
    assert locate(*land.middle(0, 0)).grid_id is None


def test_an_ended_grid_does_not_answer():
    land.active_version()
    land.grid("G1", WEST_CELL_5, valid_to=dt.date(2020, 1, 1))
    assert locate(*land.middle(1, 1)).grid_id is None


def test_without_regions_every_point_is_blank():
    assert locate(*land.middle(0, 0)).region_version_id is None


def test_no_points_give_no_places():
    land.active_version()
    assert locate_many([], []) == []


def test_a_changed_version_is_seen_after_the_check(monkeypatch):
    version = land.active_version()
    assert locate(*land.middle(0, 0)).county_code == land.COUNTY
    RegionVersion.objects.filter(pk=version.pk).update(is_active=False)
    assert locate(*land.middle(0, 0)).county_code == land.COUNTY
    monkeypatch.setattr(locating, "CHECK_AFTER_SECONDS", 0)
    assert locate(*land.middle(0, 0)).county_code == ""


def test_it_asks_nothing_between_two_checks(django_assert_num_queries):
    land.active_version()
    locate(*land.middle(0, 0))
    with django_assert_num_queries(0):
        locate(*land.middle(1, 1))


def test_a_check_costs_one_statement(django_assert_num_queries, monkeypatch):
    land.active_version()
    locate(*land.middle(0, 0))
    monkeypatch.setattr(locating, "CHECK_AFTER_SECONDS", 0)
    with django_assert_num_queries(1):
        locate(*land.middle(1, 1))


def on_the_lines_too(first: float, cells: int) -> st.SearchStrategy[float]:
    """Anywhere near the county, and often exactly on a border between cells."""
    anywhere = st.floats(first - land.STEP, first + (cells + 1) * land.STEP)
    return anywhere | st.integers(0, cells).map(lambda number: first + number * land.STEP)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(on_the_lines_too(land.LON, 6), on_the_lines_too(land.LAT, 3)), min_size=1, max_size=20))
def test_it_agrees_with_asking_every_cell(county, points):
    def expected(lon, lat):
        return min((code for code, shape in county if shapely.intersects_xy(shape, lon, lat)), default="")

    found = locate_many(*zip(*points, strict=True))
    assert [place.cell_code for place in found] == [expected(lon, lat) for lon, lat in points]


@pytest.fixture
def county():
    land.active_version()
    return [(code, shape) for level, code, _, shape in land.regions() if level == Level.CELL]


def test_many_points_answer_as_single_ones_do():
    land.active_version()
    generator = np.random.default_rng(7)
    lons = generator.uniform(land.LON - 0.02, land.LON + 0.08, 300)
    lats = generator.uniform(land.LAT - 0.02, land.LAT + 0.05, 300)
    assert locate_many(lons, lats) == [locate(lon, lat) for lon, lat in zip(lons, lats, strict=True)]
