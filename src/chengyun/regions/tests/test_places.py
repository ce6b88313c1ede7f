import datetime as dt

import pytest

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM
from chengyun.regions.models import NamedPlace
from chengyun.regions.queries import find_places, region_names, townships
from chengyun.regions.services.places import change_place, close_place, create_place
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county():
    return land.active_version()


def place(name: str, point: tuple[float, float] = (0.0, 0.0)) -> NamedPlace:
    lon, lat = point
    code = f"R{NamedPlace.objects.count()}"
    return create_place(by=SYSTEM, kind="road", code=code, name=name, lon=lon, lat=lat, shape=b"wkb")


def test_a_place_knows_its_township():
    assert place("槐荫路", land.middle(0, 0)).township_code == land.WEST
    assert place("远方路", (100.0, 20.0)).township_code == ""


def test_a_moved_place_changes_its_township():
    road = place("槐荫路", land.middle(0, 0))
    lon, lat = land.middle(5, 0)
    assert change_place(road, by=SYSTEM, lon=lon, lat=lat).township_code == land.EAST


def test_a_closed_place_is_not_offered():
    with instants.at(instants.start_of_day(dt.date(2026, 3, 2))):
        close_place(place("南门里"), by=SYSTEM)
    assert find_places("南门") == []


def test_impossible_coordinates_are_refused():
    with pytest.raises(UserError):
        place("反路", (37.0, 117.0))


def test_townships_are_those_of_the_active_version():
    assert [code for code, _name in townships()] == [land.WEST, land.EAST]


def test_names_of_unnamed_regions_are_left_out(county):
    county.regions.filter(code=land.WEST).update(name="西镇")
    assert region_names([land.WEST, land.EAST, "999"]) == {land.WEST: "西镇"}
