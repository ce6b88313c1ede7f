import json

import pytest

from chengyun.core.errors import UserError
from chengyun.core.geometry import box_around, metres_between, to_wgs84


@pytest.mark.shared
@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_every_city_comes_back_within_a_metre(shared, system):
    cities = [city["coords"] for city in json.loads((shared / "data/geo/gcoord_china_cities_dev.json").read_text())]

    worst = max(metres_between(*to_wgs84(*city[system.upper()], system), *city["WGS84"]) for city in cities)

    assert worst <= 1.0


def test_a_degree_of_latitude_is_about_111_km():
    assert metres_between(117.0, 36.0, 117.0, 37.0) == pytest.approx(111_195, abs=5)


def test_the_box_holds_the_circle_and_little_more():
    min_lon, min_lat, max_lon, max_lat = box_around(117.0, 36.0, 50)

    assert metres_between(117.0, 36.0, max_lon, 36.0) == pytest.approx(50, rel=1e-6)
    assert metres_between(117.0, 36.0, 117.0, min_lat) == pytest.approx(50, rel=1e-6)
    assert min_lon < 117.0 < max_lon and min_lat < 36.0 < max_lat


def test_wgs84_passes_untouched():
    assert to_wgs84(117.5, 36.5, "wgs84") == (117.5, 36.5)


def test_a_point_abroad_is_not_shifted():
    assert to_wgs84(2.35, 48.85, "gcj02") == (2.35, 48.85)


def test_an_unknown_system_is_refused():
    with pytest.raises(UserError) as refusal:
        to_wgs84(117.0, 36.0, "mars")

    assert refusal.value.field == "system"
