"""What lies inside a drawn polygon, decided by the database as shapely decides it."""

import random

import pytest
import shapely

from chengyun.casework.cases import area, filters
from chengyun.casework.cases.area import corners_of, inside
from chengyun.casework.cases.models import Case
from chengyun.core.errors import UserError

# An L: the concave corner is what a bounding box gets wrong.
BENT = ((115.0, 32.0), (115.4, 32.03), (115.38, 32.2), (115.2, 32.21), (115.22, 32.4), (115.01, 32.39))


def text(corners):
    return ";".join(f"{lon},{lat}" for lon, lat in corners)


@pytest.mark.parametrize("many", [True, False])
def test_it_is_what_shapely_says(county, monkeypatch, many):
    """Whether the caller's own order leads or the place."""
    monkeypatch.setattr(area, "_holds_many", lambda box: many)
    dice = random.Random(7)
    points = [(dice.uniform(114.9, 115.5), dice.uniform(31.9, 32.5)) for _ in range(60)]
    cases = [county.report(lon=lon, lat=lat) for lon, lat in points]
    county.report()
    shape = shapely.Polygon(BENT)
    wanted = {case.pk for case, point in zip(cases, points, strict=True) if shape.contains(shapely.Point(point))}
    assert 10 < len(wanted) < 50
    assert set(inside(Case.objects.all(), text(BENT)).values_list("pk", flat=True)) == wanted


@pytest.mark.sqlite  # PostgreSQL chooses by the size of its tables.
def test_where_much_lies_the_order_of_the_list_leads(county, monkeypatch):
    county.report(lon=115.1, lat=32.1)
    listed = inside(Case.objects.all(), text(BENT)).order_by("-id")[:101]
    assert "case_place" in listed.explain()
    monkeypatch.setattr(area, "_holds_many", lambda box: True)
    listed = inside(Case.objects.all(), text(BENT)).order_by("-id")[:101]
    assert "case_place" not in listed.explain() and "TEMP B-TREE" not in listed.explain()


def test_what_holds_many_is_measured_by_all_that_there_is(county):
    box = {"lat__range": (32.0, 32.3), "lon__range": (115.0, 115.3)}
    pattern = county.report(lon=115.1, lat=32.1)
    assert not area._holds_many(box)
    rows = [Case.objects.get(pk=pattern.pk) for _ in range(150)]
    for number, row in enumerate(rows):
        row.pk, row.number = pattern.pk + number + 1, f"9{number:05}"
    Case.objects.bulk_create(rows)
    assert area._holds_many(box) == (50 * (pattern.pk + 150) < 151**2)


def test_the_list_and_its_count_take_it_as_a_filter(county):
    county.report(lon=115.1, lat=32.1)
    county.report(lon=115.3, lat=32.3)
    chosen = filters.chosen({"area": text(BENT), "open": "1"})
    assert filters.counted(filters.filtered(Case.objects.all(), chosen)) == 1


@pytest.mark.parametrize(
    "wrong", ["115,32", "a,b;c,d;e,f", "1,2;3,4", "0,0;1,1;1,0;0,1", "0,0;0,91;1,1", ";".join(["1,1", "2,nan", "3,1"])]
)
def test_what_bounds_no_area_is_refused(wrong):
    with pytest.raises(UserError):
        corners_of(wrong)


def test_the_first_corner_may_be_repeated_at_the_end():
    assert corners_of("0,0;1,0;1,1;0,0") == ((0, 0), (1, 0), (1, 1))


def test_a_senseless_area_is_left_aside():
    assert filters.chosen({"area": "x"}) == {}


def test_two_hundred_corners_are_no_burden(county):
    county.report(lon=115.1, lat=32.1)
    ring = shapely.Point(115.1, 32.1).buffer(0.01, quad_segs=49).exterior.coords
    assert inside(Case.objects.all(), text(ring)).count() == 1
