import json

import pytest

from chengyun.casework.cases.tests import county as people
from chengyun.casework.components.tests.telling import report
from chengyun.people import tokens
from chengyun.people.access import SYSTEM


@pytest.fixture
def call(well, client):
    people.build()
    given = {"by": SYSTEM, "name": "对接", "scopes": ["cases:read", "cases:step"], "days": 1}
    _token, secret = tokens.create_token("receiver", **given)

    def do(method, path, body=None):
        answer = client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"authorization": f"Bearer {secret}"},
        )
        return answer.status_code, answer.json()

    return do


def test_what_is_near_and_what_it_is(call, well):
    status, answer = call("GET", f"/components?lon={well.lon}&lat={well.lat}&class_code=01003")
    assert (status, [each["identifier"] for each in answer["components"]]) == (200, [well.identifier])
    assert call("GET", f"/components/{well.identifier}")[1]["state"] == "intact"
    assert call("GET", "/components/99999999999999999")[0] == 404


def test_a_case_and_its_component(call, well):
    number = report().number
    path = f"/cases/{number}/component"
    assert call("GET", path) == (200, {"component": None})
    assert call("PUT", path, {"identifier": well.identifier})[1]["component"]["identifier"] == well.identifier
    assert call("GET", path)[1]["component"]["road"] == "凤凰街"
    assert call("PUT", path, {"identifier": None}) == (200, {"component": None})
    status, problem = call("PUT", path, {"identifier": "9" * 17})
    assert (status, problem["field"]) == (404, "component")
