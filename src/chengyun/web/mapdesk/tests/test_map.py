"""The map's page and data: the lists' filters and access, few statements, capped and said so."""

import datetime as dt
import json

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.tests import county as small
from chengyun.web.mapdesk import cases
from chengyun.web.mapdesk.going import in_all_systems, targets

BOX = "bbox=114,31,116,33"
SQUARE = "114.9,31.9;115.1,31.9;115.1,32.1;114.9,32.1"


def test_open_cases_stand_on_the_map_of_those_who_may_see_them(as_user, county):
    case = county.report(lon=115.0, lat=32.0)
    county.report()
    found = as_user("receiver").get(f"/map/cases.json?{BOX}").json()
    assert (found["id"], found["lon"], found["lat"]) == ([case.pk], [115_000_000], [32_000_000])
    assert found["lamps"][found["lamp"][0]] == "green"
    assert as_user("handler").get(f"/map/cases.json?{BOX}").json()["id"] == []


def test_only_what_is_in_view_is_sent(as_user, county):
    county.report(lon=115.0, lat=32.0)
    assert as_user("receiver").get("/map/cases.json?bbox=115.1,31,116,33").json()["id"] == []


def test_the_filters_are_those_of_the_lists(as_user, county):
    county.report(lon=115.0, lat=32.0)
    client = as_user("receiver")
    assert client.get(f"/map/cases.json?{BOX}&lamp=red").json()["id"] == []
    assert len(client.get(f"/map/cases.json?{BOX}&lamp=green&source=hotline").json()["id"]) == 1


def test_more_than_a_screen_can_show_is_said(as_user, county, monkeypatch):
    monkeypatch.setattr(cases, "MOST_POINTS", 1)
    newest = [county.report(lon=115.0, lat=32.0).pk for _ in range(2)][-1]
    found = as_user("receiver").get(f"/map/cases.json?{BOX}").json()
    assert found["id"] == [newest]
    assert found["more"]


def test_statements_do_not_grow_with_the_points(as_user, county, connection_in_use):
    client = as_user("receiver")
    client.get(f"/map/cases.json?{BOX}")
    for address in (f"/map/cases.json?{BOX}", f"/map/in-view?{BOX}", f"/map/area?area={SQUARE}"):
        with CaptureQueriesContext(connection_in_use) as few:
            client.get(address)
        for _ in range(3):
            county.report(lon=115.0, lat=32.0)
        with CaptureQueriesContext(connection_in_use) as many:
            client.get(address)
        assert len(many) <= len(few) <= 8, address


@pytest.fixture
def connection_in_use():
    from django.db import connection

    return connection


def test_points_are_sent_packed(as_user, county):
    for _ in range(8):
        county.report(lon=115.0, lat=32.0)
    answer = as_user("receiver").get(f"/map/cases.json?{BOX}", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"


def test_the_list_beside_the_map_says_what_is_in_view(as_user, county):
    case = county.report(lon=115.0, lat=32.0, title="路口积水")
    text = as_user("receiver").get(f"/map/in-view?{BOX}").text
    assert "路口积水" in text
    assert f'data-case="{case.number}"' in text


def test_the_area_counts_what_its_list_shows(as_user, county):
    county.walk(county.report(lon=115.0, lat=32.0), to="accept")
    county.report(lon=115.0, lat=32.2)
    client = as_user("receiver")
    text = client.get(f"/map/area?area={SQUARE}").text
    assert '<strong class="map-total num">1</strong>' in text
    assert county.waste.name in text
    link = text.split("data-area-list")[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
    assert link.startswith(reverse("cases:list"))
    assert client.get(link).text.count("data-key-item") == 1


def test_ended_cases_come_only_when_asked_for(as_user, county):
    case = county.report(lon=115.0, lat=32.0)
    Case.objects.filter(pk=case.pk).update(ended_at=small.MONDAY)
    client = as_user("receiver")
    assert client.get(f"/map/cases.json?{BOX}").json()["id"] == []
    assert client.get(f"/map/cases.json?{BOX}&scope=all").json()["id"] == [case.pk]


def test_a_card_shows_no_case_of_others(as_user, county):
    case = county.report(lon=115.0, lat=32.0, title="路口积水")
    assert "路口积水" in as_user("receiver").get(f"/map/card?ids={case.pk}").text
    assert "路口积水" not in as_user("handler").get(f"/map/card?ids={case.pk}").text


@pytest.mark.parametrize("box", ["", "1,2,3", "1,2,x,4", "2,1,1,2", "nan,1,2,3"])
def test_a_senseless_box_is_refused(as_user, box):
    assert as_user("receiver").get(f"/map/cases.json?bbox={box}").status_code == 400


def test_layers_are_remembered_per_person(as_user, county):
    sent = {"layers": {"cells": {"on": True, "opacity": 0.5}}, "colour": "class"}
    client = as_user("receiver")
    assert client.post("/map/preferences", json.dumps(sent), content_type="application/json").status_code == 204
    setup = client.get("/map/").context["setup"]
    liked = {layer["key"]: (layer["on"], layer["opacity"]) for layer in setup["layers"]}
    assert setup["colour"] == "class"
    assert liked["cells"] == (True, 0.5)
    assert as_user("chief").get("/map/").context["setup"]["colour"] == "lamp"


@pytest.mark.parametrize("sent", ["", "[]", '{"layers": 1}', '{"layers": {}, "colour": "red"}', '{"layers": {"a": 1}}'])
def test_senseless_preferences_are_refused(as_user, sent):
    assert as_user("receiver").post("/map/preferences", sent, content_type="application/json").status_code == 400


def test_people_stand_where_they_reported_last_and_only_for_the_centre(as_user, county):
    for hours, lon in ((30, 114.9), (3, 115.0), (1, 115.1)):
        at = small.MONDAY - dt.timedelta(hours=hours)
        county.report(lon=lon, lat=32.0, source="collector", received_at=at, by=county.actor("collector"))
    (found,) = as_user("chief").get("/map/people.geojson").json()["features"]
    assert found["geometry"]["coordinates"] == [115.1, 32.0]
    assert "1 小时前" in found["properties"]["label"]
    assert as_user("handler").get("/map/people.geojson").json()["features"] == []
    keys = [layer["key"] for layer in as_user("handler").get("/map/").context["layers"]]
    assert "people" not in keys


def test_a_pair_of_numbers_is_a_place_in_any_of_three_systems():
    (plain,) = targets("115.123, 32.456", "wgs84")
    (swapped,) = targets("32.456，115.123", "wgs84")
    assert (plain["lon"], plain["lat"]) == (swapped["lon"], swapped["lat"]) == (115.123, 32.456)
    systems = {each["system"]: each["text"] for each in in_all_systems(115.123, 32.456)}
    for system, text in systems.items():
        (back,) = targets(text, system)
        assert (back["lon"], back["lat"]) == pytest.approx((115.123, 32.456), abs=2e-6)


def test_an_unknown_system_is_refused(as_user):
    assert as_user("receiver").get("/map/go?text=115,32&system=mars").status_code == 400


@pytest.mark.parametrize("ids", ["²", "٣", "-1", "x", "9" * 40, ",,"])
def test_what_is_no_case_on_a_card_is_left_aside(as_user, ids):
    assert as_user("receiver").get("/map/card", {"ids": ids}).status_code == 200


@pytest.mark.parametrize("point", [("nan", "32"), ("115", "inf"), ("1e309", "0"), ("181", "0"), ("x", "0")])
def test_what_is_no_point_has_no_coordinates(as_user, point):
    answer = as_user("receiver").get("/map/coordinates", dict(zip(("lon", "lat"), point, strict=True)))
    assert answer.status_code == 400


LIKED = '{"layers": {"%s": {"on": true, "opacity": %s}}, "colour": "lamp"}'


@pytest.mark.parametrize(
    "sent", [LIKED % ("a\\u0000", "1"), LIKED % ("\\ud800", "1"), LIKED % ("cells", "9" * 400), "[" * 50_000, "{"]
)
def test_what_is_no_liking_of_the_map_is_refused(as_user, sent):
    answer = as_user("receiver").post("/map/preferences", sent, content_type="application/json")
    assert answer.status_code == 400
