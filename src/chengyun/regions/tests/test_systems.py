import json

import numpy as np
import pytest
from pyproj import CRS, Transformer

from chengyun.core.errors import UserError
from chengyun.core.geometry import metres_between
from chengyun.regions import systems

LON, LAT = 117.2, 37.3
POINT = np.array([[LON, LAT]])


def plane(code: int) -> np.ndarray:
    """The point in an EPSG system, as pyproj itself projects it."""
    east, north = Transformer.from_crs(4490, code, always_xy=True).transform(LON, LAT)
    return np.array([[east, north]])


# 3-degree and 6-degree zones of central meridian 117°, with and without the zone's number.
SAME = [4552 - 4, 4513 + 39 - 25, 4502 + 7, 4491 + 20 - 13]


@pytest.mark.parametrize("code", SAME)
def test_every_2000_zone_comes_back_to_the_same_degrees(code):
    back = systems.converted(plane(code), systems.named(f"EPSG:{code}"))
    assert metres_between(*back[0], LON, LAT) < 0.001


@pytest.mark.parametrize("code", [code for code in range(4491, 4555) if systems.named(f"epsg:{code}").meridian == 117])
def test_the_named_zones_of_a_meridian_are_those_that_pyproj_knows(code):
    assert code in SAME
    assert CRS.from_epsg(code).coordinate_operation.params[1].value == 117


@pytest.mark.parametrize("code", [*SAME, 4490, 4326])
def test_a_prj_is_understood(code):
    system = systems.of_prj(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))
    points = plane(code) if code in SAME else POINT
    assert systems.wrong((*points[0], *points[0]), system) == ""
    assert metres_between(*systems.converted(points, system)[0], LON, LAT) < 0.001


# Beijing 1954 and Xi'an 1980 (their degrees and zones), UTM, Web Mercator.
@pytest.mark.parametrize("code", [4214, 4610, 2437, 2385, 32650, 3857])
def test_another_datum_or_projection_is_refused(code):
    with pytest.raises(UserError, match=r"2000 坐标系"):
        systems.of_prj(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))


@pytest.mark.parametrize("text", ["nonsense", "", "PROJCS[]"])
def test_a_broken_prj_is_refused(text):
    with pytest.raises(UserError):
        systems.of_prj(text)


@pytest.mark.parametrize("name", ["epsg:3857", "mars", "epsg:4555", "123"])
def test_an_unknown_mark_is_refused(name):
    with pytest.raises(UserError, match="不能导入"):
        systems.named(name)


@pytest.mark.parametrize(
    ("name", "same"),
    [("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"), ("urn:ogc:def:crs:EPSG::4490", "wgs84"), ("GCJ-02", "gcj02"),
     ("wgs-84", "wgs84"), ("cgcs2000", "wgs84"), ("BD09", "bd09"), ("urn:ogc:def:crs:EPSG::4548", "epsg:4548")],
)  # fmt: skip
def test_marks_are_read(name, same):
    assert systems.named(name).name == same


def test_the_zone_may_stand_in_the_easting():
    zoned = systems.named("cgcs2000-zoned")
    for code in (4527, 4498):
        assert metres_between(*systems.converted(plane(code), zoned)[0], LON, LAT) < 0.001


@pytest.mark.parametrize(
    ("point", "system", "why"),
    [
        ((LON, LAT), "wgs84", ""),
        ((LAT, LON), "wgs84", "写反"),
        ((2.35, 48.85), "wgs84", "不在中国"),
        ((517_000, 4_129_000), "wgs84", "以米为单位"),
        ((39_517_000, 4_129_000), "gcj02", "以米为单位"),
        ((LON, LAT), "epsg:4548", "是经纬度"),
        ((517_000, 4_129_000), "epsg:4548", ""),
        ((4_129_000, 517_000), "epsg:4548", "写反"),
        ((4_129_000, 39_517_000), "cgcs2000-zoned", "写反"),
        ((39_517_000, 4_129_000), "epsg:4548", ""),
        ((38_517_000, 4_129_000), "epsg:4548", "不符"),
        ((40_517_000, 4_129_000), "epsg:4527", "带号是 40"),
        ((517_000, 4_129_000), "cgcs2000-zoned", "没有带号"),
        ((99_517_000, 4_129_000), "cgcs2000-zoned", "超出"),
        ((13_046_000, 4_480_000), "cgcs2000-zoned", "超出"),
    ],
)  # fmt: skip
def test_degrees_metres_and_what_is_swapped_are_told_apart(point, system, why):
    told = systems.wrong((*point, *point), systems.named(system))
    assert why in told if why else told == ""


@pytest.mark.shared
def test_published_pairs_are_met_within_a_metre(shared):
    cities = json.loads((shared / "data/geo/gcoord_china_cities_dev.json").read_text(encoding="utf-8"))
    worst = 0.0
    for coords in (city["coords"] for city in cities):
        for mark in ("GCJ02", "BD09"):
            back = systems.converted(np.array([coords[mark]]), systems.named(mark))[0]
            worst = max(worst, metres_between(*back, *coords["WGS84"]))
    assert len(cities) > 300
    assert worst <= 1
