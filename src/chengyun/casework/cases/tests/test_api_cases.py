"""Cases and their steps over the API."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chengyun.casework.cases.models import Case, Report
from chengyun.casework.cases.tests.callers import REPORT, problem
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.core import instants


def test_pages_follow_by_cursor_and_miss_nothing(desk, county):
    numbers = [county.report().number for _each in range(5)]
    seen, cursor = [], None
    while True:
        page = desk.get("/cases", limit=2, **({"cursor": cursor} if cursor else {})).json()
        assert len(page["cases"]) <= 2
        seen += [each["number"] for each in page["cases"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == numbers[::-1]


def test_a_list_holds_what_its_caller_may_see(caller, county):
    county.report()
    dispatched = county.walk(county.report(), to="dispatch")
    assert [each["number"] for each in caller("handler").get("/cases").json()["cases"]] == [dispatched.number]
    assert caller("market").get("/cases").json()["cases"] == []


def test_a_list_is_filtered(desk, county):
    dispatched = county.walk(county.report(), to="dispatch")
    county.report(source="public", title="井盖丢失")
    for chosen in (
        {"stage": "dispatched"},
        {"source": "hotline"},
        {"minor": "06010"},
        {"lamp": "green", "minor": "06010"},
    ):
        assert [each["number"] for each in desk.get("/cases", **chosen).json()["cases"]] == [dispatched.number]
    assert [each["title"] for each in desk.get("/cases", q="井盖").json()["cases"]] == ["井盖丢失"]
    assert desk.get("/cases", township="990126101").json()["cases"] == []


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("limit", -1, 422), ("limit", 0, 422), ("limit", 201, 422), ("limit", "x", 422), ("limit", 10**40, 422),
        ("cursor", "garbage", 400), ("cursor", "aWQ6LTE", 400), ("cursor", "\x00", 400), ("cursor", "长", 400),
        ("cursor", "aWQ6" + "9" * 30, 400), ("stage", "nowhere", 422), ("township", "\x00", 422), ("lamp", "blue", 422),
        ("minor", "a'b", 422), ("q", "长" * 101, 422),
    ],
)  # fmt: skip
def test_a_list_refuses_what_it_cannot_read(desk, field, value, status):
    assert problem(desk.get("/cases", **{field: value}), status)["field"] == field


def test_a_search_may_hold_anything(desk):
    assert desk.get("/cases", q='\x00" OR * ((').status_code == 200


def test_a_list_costs_few_statements(desk, county):
    for _each in range(3):
        county.walk(county.report(), to="dispatch")
    desk.get("/cases")
    with CaptureQueriesContext(connection) as asked:
        desk.get("/cases", minor="06010", q="垃圾")
    assert len(asked) <= 8


def test_one_case_is_told_whole(desk, county):
    case = county.walk(county.report(), to="accept")
    told = desk.get(f"/cases/{case.number}").json()
    assert (told["stage"], told["version"], told["class_code"]) == ("accepted", 2, "06010")
    assert [each["verb"] for each in told["steps"]] == ["report", "accept"]
    assert [each["id"] for each in told["conditions"]] == [county.condition.pk]
    assert told["clocks"][0]["title"] == "受理"


def test_the_reporter_is_masked_for_whom_it_does_not_concern(desk, caller, county):
    number = county.walk(county.report(), to="dispatch").number
    clear, masked = (each.get(f"/cases/{number}").json()["reports"][0] for each in (desk, caller("handler")))
    assert (clear["reporter_name"], clear["reporter_phone"]) == ("张三", "13800000000")
    assert (masked["reporter_name"], masked["reporter_phone"]) == ("张*", "138****0000")


def test_a_case_that_is_not_the_callers_is_not_there(caller, county):
    number = county.report().number
    problem(caller("handler").get(f"/cases/{number}"), 404)
    problem(caller("receiver").get("/cases/0"), 404)
    problem(caller("receiver").get("/cases/a%00b"), 422)


# --- steps ------------------------------------------------------------------------------------------------------------


def test_a_case_goes_its_way_over_the_api(desk, caller, county):
    case = county.report()
    path = f"/cases/{case.number}/steps"
    assert desk.post(f"{path}/accept", {"version": 1, "minor_class": county.waste.pk}).json()["stage"] == "accepted"
    filed = caller("chief").post(f"{path}/file", {"version": 2, "condition": county.condition.pk})
    assert filed.json() == {"number": case.number, "stage": "filed", "stage_title": "待派遣", "version": 3}
    sent = caller("dispatcher").post(f"{path}/dispatch", {"version": 3, "department": county.housing.pk})
    assert sent.json()["stage"] == "dispatched"


def test_who_comes_second_gets_a_conflict(desk, county):
    path = f"/cases/{county.report().number}/steps/refuse"
    assert desk.post(path, {"version": 1, "reason": "不属于城市管理"}).status_code == 200
    problem(desk.post(path, {"version": 1, "reason": "不属于城市管理"}), 409)


def test_a_step_is_for_whom_the_table_names(caller, county):
    path = f"/cases/{county.report().number}/steps/accept"
    problem(caller("supervisor").post(path, {"version": 1, "minor_class": county.waste.pk}), 403)
    assert Case.objects.get().version == 1


def test_a_step_without_what_it_needs_names_the_field(desk, county):
    path = f"/cases/{county.report().number}/steps"
    assert problem(desk.post(f"{path}/accept", {"version": 1}), 400)["field"] == "minor_class"
    assert problem(desk.post(f"{path}/accept", {"version": 1, "minor_class": 10**30}), 422)["field"] == "minor_class"
    assert problem(desk.post(f"{path}/accept", {"version": 1, "minor_class": 2**53 - 1}), 400)["field"] == "minor_class"
    assert problem(desk.post(f"{path}/accept", {"minor_class": 1}), 422)["field"] == "version"
    assert problem(desk.post(f"{path}/refuse", {"version": 1, "reason": "长" * 1001}), 422)["field"] == "reason"
    assert (
        problem(desk.post(f"{path}/correct", {"version": 1, "reason": "错", "title": "长" * 121}), 422)["field"]
        == "title"
    )


@pytest.mark.parametrize("verb", ["report", "erase", "supplement", "fly"])
def test_steps_of_the_system_are_not_for_callers(desk, county, verb):
    problem(desk.post(f"/cases/{county.report().number}/steps/{verb}", {"version": 1}), 404)


def test_a_place_is_corrected(desk, county):
    path = f"/cases/{county.report().number}/steps/correct"
    response = desk.post(path, {"version": 1, "reason": "位置不对", "location": {"lon": 117.25, "lat": 31.85}})
    assert response.status_code == 200, response.content.decode()
    assert (Case.objects.get().lon, Case.objects.get().lat) == (117.25, 31.85)


def test_the_table_is_told_as_data(desk):
    told = {each["verb"]: each for each in desk.get("/steps").json()}
    assert told["accept"]["from_stages"] == ["reported"]
    assert told["accept"]["to_stage"] == "accepted"
    assert [(each["name"], each["required"]) for each in told["accept"]["fields"]] == [
        ("minor_class", True), ("note", False),
    ]  # fmt: skip
    assert "erase" not in told and "report" not in told


def test_departments_and_classes_are_told_with_their_ids(desk, county):
    assert {each["id"] for each in desk.get("/departments").json()} >= {county.housing.pk, county.market.pk}
    assert desk.get("/classes").status_code == 200


def test_an_instant_without_zone_is_the_countys_own(desk):
    with instants.at(MONDAY + dt.timedelta(hours=2)):
        desk.post("/reports", REPORT | {"received_at": "2026-03-02T09:30:00"})
    assert Report.objects.get().received_at == dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
