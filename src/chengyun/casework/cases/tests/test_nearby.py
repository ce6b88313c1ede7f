"""What lies around a case: probable duplicates first, its own class, then what is near."""

import datetime as dt

import pytest

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import nearby_cases
from chengyun.casework.cases.tests.county import MONDAY

LON, LAT = 117.1, 37.3
METRE = 1 / 111_195  # of latitude, in degrees


@pytest.fixture
def here(county):
    return put(county, "中心", 0, "06010")


def put(county, title, metres, code="", **changes):
    case = county.report(title=title, lon=LON, lat=LAT + metres * METRE)
    Case.objects.filter(pk=case.pk).update(class_code=code, **changes)
    case.refresh_from_db()
    return case


def titles(county, case, name="receiver"):
    return [each.case.title for each in nearby_cases(case, county.actor(name))]


def test_duplicates_then_the_same_class_then_distance(county, here):
    put(county, "别类 20 米", 20, "06020")
    put(county, "同类 150 米", 150, "06010")
    put(county, "同类 30 米", 30, "06010")
    assert titles(county, here) == ["同类 30 米", "同类 150 米", "别类 20 米"]


def test_a_duplicate_is_named_so(county, here):
    put(county, "同类 30 米", 30, "06010")
    put(county, "同类早两天", 30, "06010", reported_at=MONDAY - dt.timedelta(days=2))
    first, second = nearby_cases(here, county.actor("receiver"))
    assert (first.is_suspected, second.is_suspected) == (True, False)


def test_further_than_the_setting_is_not_near(county, here):
    put(county, "201 米", 201, "06010")
    assert titles(county, here) == []


def test_closed_long_ago_is_left_out_but_open_stays(county, here):
    long_ago = MONDAY - dt.timedelta(days=31)
    put(county, "早已办结", 10, reported_at=long_ago, ended_at=long_ago)
    put(county, "一直未办", 10, reported_at=long_ago)
    assert titles(county, here) == ["一直未办"]


def test_nobody_sees_near_him_what_he_may_not_see(county, here):
    put(county, "别家的", 10)
    assert titles(county, here, "market") == []


def test_a_case_without_a_place_has_nothing_near(county):
    assert titles(county, county.report()) == []
