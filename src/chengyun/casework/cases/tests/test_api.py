"""The API as a program meets it: who may, what comes back, what is refused and how."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chengyun.casework.cases.models import Case, Report
from chengyun.casework.cases.tests.callers import REPORT, jpeg, problem
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.core import configuration
from chengyun.people import tokens
from chengyun.people.access import SYSTEM
from chengyun.people.models import ApiToken

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
