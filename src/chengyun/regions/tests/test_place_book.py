"""The register of place names: files in with their differences, on the map, and out again."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chengyun.core.geometry import metres_between, wgs84_to_gcj02
from chengyun.people.register import history
from chengyun.people.roles import Role
from chengyun.people.tests.cast import appoint, department, person
from chengyun.regions.models import NamedPlace
from chengyun.regions.queries import find_places
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db
CSV = """代码,类别,名称,经度,纬度,地址
e1,小区,东关小区,117.001,37.001,凤凰街8号
h1,门牌,凤凰街20号,117.003,37.001,
l1,标志物,火车站,117.005,37.005,
"""
ROAD = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"代码": "r1", "类别": "道路", "名称": "凤凰街"},
            "geometry": {"type": "LineString", "coordinates": [[117.001, 37.001], [117.009, 37.001]]},
        }
    ],
}


@pytest.fixture(autouse=True)
def county():
    return land.active_version()


@pytest.fixture
def admin(client):
    user = person("admin")
    appoint(user, department("centre", "centre", region_code=land.COUNTY), Role.SYSTEM_ADMIN)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"registers:{name}", args=["places", *args])


def upload(browser, content: str | bytes, name: str = "地名.csv", **terms: str):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return browser.post(at("new_upload"), {"file": file, **terms}, follow=True)


def apply(browser, page):
    return browser.post(at("apply", page.context["upload"].pk), {"seen": page.context["found"].seen}, follow=True)


def brought(browser, content: str | bytes, **terms: str) -> None:
    page = upload(browser, content, **terms)
    assert page.context["found"].faults == []
    assert "已导入" in apply(browser, page).content.decode()


def faults(page) -> list[tuple[int, str]]:
    return [(each.row, each.column) for each in page.context["found"].faults]


def test_a_table_is_shown_before_it_is_written_and_then_found_by_name_and_house_number(admin):
    page = upload(admin, CSV)
    labels = [each.label for each in page.context["found"].added]
    assert labels == ["小区 · 东关小区", "门牌 · 凤凰街20号", "标志物 · 火车站", "门牌 · 凤凰街8号"]
    assert not NamedPlace.objects.exists()
    apply(admin, page)
    assert NamedPlace.objects.get(code="l1").township_code == land.WEST
    assert len(history(NamedPlace.objects.get(code="l1"))) == 1
    assert find_places("凤凰街8号")[0].kind == "house"


def test_the_same_file_again_has_no_differences(admin):
    brought(admin, CSV)
    assert not upload(admin, CSV).context["found"].rows


def test_out_and_in_again_there_are_no_differences(admin):
    brought(admin, CSV)
    brought(admin, json.dumps(ROAD))
    book = admin.get(at("export")).content
    assert openpyxl.load_workbook(io.BytesIO(book))["地名"].max_row == 6
    page = upload(admin, book, "地名.xlsx", whole="on")
    assert (page.context["found"].rows, page.context["found"].faults) == ([], [])


def test_a_moved_and_renamed_place_is_shown_field_by_field(admin):
    brought(admin, CSV)
    page = upload(admin, "代码,类别,名称,经度,纬度\nl1,标志物,高铁站,117.006,37.005\n")
    (change,) = page.context["found"].changed
    assert [(each.title, each.before, each.after) for each in change.fields] == [
        ("名称", "火车站", "高铁站"),
        ("经度", "117.005000", "117.006000"),
    ]
    apply(admin, page)
    assert find_places("高铁站")[0].lon == 117.006


def test_gcj02_is_converted_when_it_is_said(admin):
    lon, lat = wgs84_to_gcj02(117.005, 37.005)
    brought(admin, f"代码,类别,名称,经度,纬度\nl1,标志物,火车站,{lon},{lat}\n", system="gcj02")
    place = NamedPlace.objects.get(code="l1")
    assert metres_between(place.lon, place.lat, 117.005, 37.005) < 1


def test_projected_metres_of_the_2000_system_are_converted(admin):
    pyproj = pytest.importorskip("pyproj")
    east, north = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True).transform(117.005, 37.005)
    brought(admin, f"代码,类别,名称,经度,纬度\nl1,标志物,火车站,{east},{north}\n", system="epsg:4548")
    place = NamedPlace.objects.get(code="l1")
    assert metres_between(place.lon, place.lat, 117.005, 37.005) < 1


def test_a_line_comes_from_geojson_and_a_table_leaves_it_as_it_is(admin):
    brought(admin, json.dumps(ROAD))
    assert NamedPlace.objects.get(code="r1").shape is not None
    brought(admin, "代码,类别,名称,经度,纬度\nr1,道路,凤凰大街,117.005,37.001\n")
    road = NamedPlace.objects.get(code="r1")
    assert (road.name, road.shape is not None) == ("凤凰大街", True)


def test_faults_name_row_column_and_fix_and_nothing_is_written(admin):
    page = upload(
        admin,
        "代码,类别,名称,经度,纬度\na,村庄,甲,117.001,37.001\nb,小区,,117.001,37.001\nc,小区,丙,37.001,117.001\n"
        "d,小区,丁,118.5,37.001\ne,小区,戊,117.001,37.001\ne,小区,己,117.002,37.001\n",
    )
    assert sorted(faults(page)) == [(2, "类别"), (3, "名称"), (4, "经度"), (5, "经度"), (7, "代码")]
    assert apply(admin, page).status_code == 422
    assert not NamedPlace.objects.exists()


def test_the_code_of_an_ended_place_is_not_given_again(admin):
    brought(admin, CSV)
    NamedPlace.objects.filter(code="l1").update(valid_from="2020-01-01", valid_to="2020-12-31")
    assert faults(upload(admin, CSV)) == [(4, "代码")]


def test_a_whole_list_retires_what_it_lacks(admin):
    brought(admin, CSV)
    page = upload(admin, CSV.replace("l1,标志物,火车站,117.005,37.005,\n", ""), whole="on")
    assert [each.label for each in page.context["found"].retired] == ["标志物 · 火车站"]
    apply(admin, page)
    assert NamedPlace.objects.get(code="l1").valid_to is not None


def test_the_map_shows_what_would_change(admin):
    brought(admin, CSV)
    page = upload(
        admin, "代码,类别,名称,经度,纬度\nl1,标志物,高铁站,117.006,37.005\nn,公厕,新公厕,117.002,37.002\n", whole="on"
    )
    drawn = json.loads(admin.get(at("upload_geojson", page.context["upload"].pk)).content)
    states = {each["properties"]["code"]: each["properties"]["state"] for each in drawn["features"]}
    assert (states["l1"], states["n"], states["e1"]) == ("changed", "new", "gone")
    assert at("upload_geojson", page.context["upload"].pk) in page.content.decode()


def test_a_file_that_is_none_of_these_is_refused_at_the_door(admin):
    page = upload(admin, "类别;名称\n小区;甲\n")
    assert page.status_code == 422
    assert "“名称”“经度”“纬度”" in page.content.decode()


def test_the_form_of_a_place_has_a_map_to_pick_on(admin):
    brought(admin, CSV)
    shown = admin.get(at("row", NamedPlace.objects.get(code="l1").pk)).content.decode()
    assert 'lon-input="#id_lon"' in shown
