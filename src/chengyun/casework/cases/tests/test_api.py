"""The API as a program meets it: who may, what comes back, what is refused and how."""

import datetime as dt
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from chengyun.casework.cases.models import Case, Report
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.core import configuration, instants
from chengyun.people import rate, tokens
from chengyun.people.access import SYSTEM
from chengyun.people.models import ApiToken, Scope

REPORT = {"source": "hotline", "source_id": "W1", "title": "路灯不亮", "words": "凤凰街 3 号路灯不亮"}
EVERYTHING = tuple(Scope.values)


class Caller:
    def __init__(self, county, name, scopes=EVERYTHING):
        self.token, secret = tokens.create_token(county.users[name].username, by=SYSTEM, name=name, scopes=scopes)
        self.client = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=True)

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path, body=None, **headers):
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(f"/api/v1{path}", raw, content_type="application/json", headers=headers)


@pytest.fixture
def caller(county):
    rate.forget()
    return lambda name, *scopes: Caller(county, name, scopes or EVERYTHING)


@pytest.fixture
def desk(caller):
    return caller("receiver")


def problem(response, status):
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status and body["detail"]
    return body


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(out, "JPEG")
    return out.getvalue()


# --- who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "长" * 30, "Bearer " + "a" * 5000]
)
def test_without_a_living_token_nobody_comes_in(county, value):
    response = Client(headers={"authorization": value}).get("/api/v1/cases")
    assert problem(response, 401)["code"] == "token"
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_login_is_no_token(county, client):
    client.force_login(county.users["receiver"])
    problem(client.get("/api/v1/cases"), 401)


def test_expired_and_revoked_tokens_are_refused(caller):
    expired, revoked = caller("receiver"), caller("receiver")
    ApiToken.objects.filter(pk=expired.token.pk).update(expires_at=MONDAY)
    tokens.revoke_token(revoked.token.pk, by=SYSTEM)
    problem(expired.get("/cases"), 401)
    problem(revoked.get("/cases"), 401)


def test_each_door_asks_for_its_scope(caller, county):
    number = county.report().number
    reader, reporter = caller("receiver", "cases:read"), caller("receiver", "reports:write")
    assert problem(reader.post("/reports", REPORT), 403)["code"] == "scope"
    problem(reader.post(f"/cases/{number}/steps/accept", {"version": 1}), 403)
    problem(reporter.get("/cases"), 403)
    problem(reporter.get(f"/cases/{number}"), 403)
    assert reporter.get("/steps").status_code == 200


def test_too_many_calls_are_told_when_to_come_again(desk, county):
    configuration.change("api.calls_per_minute", 2, by=county.actor("admin"))
    configuration.forget()
    assert [desk.get("/steps").status_code for _call in range(2)] == [200, 200]
    response = desk.get("/steps")
    assert problem(response, 429)["code"] == "too_many_calls"
    assert 1 <= int(response["Retry-After"]) <= 60


# --- reports ----------------------------------------------------------------------------------------------------------


def test_a_report_opens_a_case(desk):
    response = desk.post("/reports", REPORT)
    assert response.status_code == 201
    case = Case.objects.get()
    assert response.json() == {
        "number": case.number, "stage": "reported", "stage_title": "待受理", "version": 1, "outcome": "created",
    }  # fmt: skip


def test_the_same_report_again_is_the_same_case(desk):
    first, second = desk.post("/reports", REPORT), desk.post("/reports", REPORT)
    assert (second.status_code, second.json()["outcome"]) == (200, "known")
    assert second.json()["number"] == first.json()["number"]
    assert Case.objects.count() == 1


def test_changed_words_are_a_supplement(desk):
    desk.post("/reports", REPORT)
    response = desk.post("/reports", REPORT | {"words": "仍然不亮"})
    assert (response.status_code, response.json()["outcome"], response.json()["version"]) == (200, "supplemented", 2)
    assert Case.objects.get().version == 2


def test_the_idempotency_key_stands_in_for_a_missing_source_id(desk):
    body = {name: value for name, value in REPORT.items() if name != "source_id"}
    answers = [desk.post("/reports", body, **{"idempotency-key": "K-1"}).json()["outcome"] for _call in range(2)]
    assert answers == ["created", "known"]
    assert Report.objects.get().source_id == "K-1"
    assert problem(desk.post("/reports", body), 400)["field"] == "source_id"


def test_a_report_joins_a_case_that_the_caller_sees(desk, caller, county):
    number = county.report().number
    response = desk.post("/reports", REPORT | {"attach_to": number})
    assert (response.status_code, response.json()["outcome"], response.json()["number"]) == (200, "attached", number)
    problem(caller("handler").post("/reports", REPORT | {"source_id": "W2", "attach_to": number}), 404)


def test_another_callers_report_cannot_be_read_by_its_source_id(caller):
    caller("receiver").post("/reports", REPORT)
    assert problem(caller("handler").post("/reports", REPORT), 409)["code"] == "source_id_taken"


def test_an_administrator_reports_nothing(caller):
    problem(caller("admin").post("/reports", REPORT), 403)


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"source": "nowhere"}, 422, "source"),
        ({"source": "split"}, 400, "source"),
        ({"title": "长" * 121}, 422, "title"),
        ({"words": "长" * 20_001}, 422, "words"),
        ({"title": "", "words": " "}, 400, "words"),
        ({"title": 5}, 422, "title"),
        ({"title": "\ud800"}, 422, "title"),
        ({"lon": 500, "lat": 1}, 422, "lon"),
        ({"lon": 117.2}, 400, "lon"),
        ({"lon": float("nan"), "lat": 1}, 422, "lon"),
        ({"files": [-1]}, 422, "files"),
        ({"files": [10**30]}, 422, "files"),
        ({"files": [987654321]}, 400, "files"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, 422, "received_at"),
        ({"received_at": "9999-12-31T23:59:59-12:00"}, 422, "received_at"),
        ({"received_at": "gestern"}, 422, "received_at"),
        ({"attach_to": "' OR 1=1"}, 422, "attach_to"),
        ({"tittle": "x"}, 422, "tittle"),
    ],
)
def test_a_report_that_cannot_be_is_refused_by_its_field(desk, changes, status, field):
    assert problem(desk.post("/reports", REPORT | changes), status)["field"] == field
    assert not Case.objects.exists()


def test_the_refusal_is_said_in_chinese(desk):
    assert problem(desk.post("/reports", {}), 422)["detail"] == "请填写“source”"
    assert problem(desk.post("/reports", REPORT | {"title": "长" * 121}), 422)["detail"] == "“title”最多 120 字"


def test_nul_is_left_out_of_every_text(desk):
    body = {name: f"{value}\x00" for name, value in REPORT.items() if name != "source"}
    assert desk.post("/reports", body | {"source": "hotline", "extra": {"a\x00": "b\x00"}}).status_code == 201
    assert Report.objects.get().extra == {"a": "b"}
    problem(desk.post("/reports", REPORT | {"source": "hot\x00line"}), 422)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "5", b"\xff\xfe", "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_what_is_not_a_report_is_refused(desk, body):
    assert desk.post("/reports", body).status_code in (400, 422)


def test_a_huge_body_is_refused(desk, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert problem(desk.post("/reports", REPORT | {"words": "长" * 1000}), 413)["code"] == "too_big"


def test_a_report_costs_few_statements(desk):
    desk.post("/reports", REPORT)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        desk.post("/reports", REPORT | {"source_id": "W2", "lon": 117.2, "lat": 31.8})
    statements = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 15, "\n".join(statements)


# --- files ------------------------------------------------------------------------------------------------------------


def test_an_uploaded_picture_comes_with_the_report(desk, caller):
    response = desk.client.post("/api/v1/files", {"file": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")})
    assert response.status_code == 201
    id = response.json()["id"]
    stranger = caller("handler")
    assert problem(stranger.post("/reports", REPORT | {"files": [id]}), 400)["field"] == "files"
    body = REPORT | {"files": [id]}
    number = desk.post("/reports", body).json()["number"]
    assert desk.post("/reports", body).json()["outcome"] == "known"
    assert [each["file"] for each in desk.get(f"/cases/{number}").json()["pictures"]] == [id]


def test_what_is_no_picture_is_not_stored(desk):
    upload = SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")
    assert problem(desk.client.post("/api/v1/files", {"file": upload}), 400)["field"] == "files"
    assert problem(desk.client.post("/api/v1/files", {"file": "text"}), 422)["field"] == "file"
    assert desk.client.post("/api/v1/files", b"x", content_type="multipart/form-data").status_code in (400, 422)


# --- cases ------------------------------------------------------------------------------------------------------------


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
