"""Drawings: whose they are, who sees them, what is refused."""

import json

import pytest

from chengyun.people.models import Appointment
from chengyun.web.mapdesk.models import Drawing

SQUARE = [[115, 32], [115.1, 32], [115.1, 32.1], [115, 32.1], [115, 32]]
POLYGON = {"name": "迎宾路片区", "kind": "polygon", "shape": json.dumps({"type": "Polygon", "coordinates": [SQUARE]})}


def kept(client, **changes):
    answer = client.post("/map/drawings", POLYGON | changes)
    assert answer.status_code == 200, answer.text
    return Drawing.objects.latest("pk")


def test_a_drawing_is_kept_for_its_owner_alone(as_user):
    drawing = kept(as_user("receiver"), note="晚间巡查")
    assert drawing.area == "115.0,32.0;115.1,32.0;115.1,32.1;115.0,32.1"
    assert "迎宾路片区" in as_user("receiver").get("/map/drawings").text
    assert "迎宾路片区" not in as_user("chief").get("/map/drawings").text
    assert as_user("chief").get(f"/map/drawings/{drawing.pk}.geojson").status_code == 404


def test_whoever_holds_the_post_sees_what_is_shared_with_it_and_cannot_change_it(as_user, county):
    post = Appointment.objects.get(user=county.users["chief"]).post
    drawing = kept(as_user("receiver"), shared_post=post.pk)
    chief = as_user("chief")
    assert "迎宾路片区" in chief.get("/map/drawings").text
    assert chief.post(f"/map/drawings/{drawing.pk}", POLYGON | {"name": "改名"}).status_code == 403
    assert chief.post(f"/map/drawings/{drawing.pk}/remove").status_code == 403


def test_one_shares_with_posts_of_ones_own_departments_only(as_user, county):
    post = Appointment.objects.get(user=county.users["market"]).post
    assert as_user("receiver").post("/map/drawings", POLYGON | {"shared_post": post.pk}).status_code == 400


def test_the_owner_changes_and_removes_it(as_user):
    client = as_user("receiver")
    drawing = kept(client)
    client.post(f"/map/drawings/{drawing.pk}", POLYGON | {"name": "改名"})
    assert Drawing.objects.get().name == "改名"
    client.post(f"/map/drawings/{drawing.pk}/remove")
    assert not Drawing.objects.exists()


def test_a_drawing_leaves_as_geojson(as_user):
    client = as_user("receiver")
    drawing = kept(client, note="晚间巡查")
    (feature,) = client.get(f"/map/drawings/{drawing.pk}.geojson").json()["features"]
    assert feature["geometry"]["coordinates"] == [SQUARE]
    assert feature["properties"]["note"] == "晚间巡查"
    assert len(client.get("/map/drawings.geojson").json()["features"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "长" * 51},
        {"kind": "star"},
        {"kind": "line"},
        {"shape": "x"},
        {"shape": "[]"},
        {"shape": json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]]})},
        {"shape": json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]})},
        {"shape": json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [1, "x"], [1, 0]]]})},
        {"shape": '{"type": "Polygon", "coordinates": [[[0, 0], [1, %s], [1, 0]]]}' % ("9" * 400)},
        {"shape": '{"type": "Polygon", "coordinates": {}}'},
        {"shape": "[" * 50_000},
        {"kind": "circle"},
        {"kind": "circle", "radius": "nan"},
        {"shared_post": "x"},
    ],
)
def test_what_is_wrong_is_refused_and_nothing_kept(as_user, wrong):
    assert as_user("receiver").post("/map/drawings", POLYGON | wrong).status_code == 400
    assert not Drawing.objects.exists()


def test_points_lines_and_circles_are_kept_too(as_user):
    client = as_user("receiver")
    kept(client, kind="point", shape=json.dumps({"type": "Point", "coordinates": [115, 32]}))
    kept(client, kind="line", shape=json.dumps({"type": "LineString", "coordinates": SQUARE[:2]}))
    assert kept(client, kind="circle", radius="120.5").radius_m == 120.5
    assert Drawing.objects.count() == 3
