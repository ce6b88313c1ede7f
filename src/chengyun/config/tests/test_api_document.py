"""The API against its own OpenAPI document: no call that the document allows or forbids makes it fall over."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chengyun.casework.cases.tests import county as small
from chengyun.core import configuration, instants
from chengyun.insight.evaluation.tests import published
from chengyun.people import rate, tokens
from chengyun.people.access import SYSTEM
from chengyun.people.models import Scope

DOCUMENT = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("/api/v1/reports", "POST"),
    ("/api/v1/files", "POST"),
    ("/api/v1/cases", "GET"),
    ("/api/v1/cases/{number}", "GET"),
    ("/api/v1/cases/{number}/steps/{verb}", "POST"),
    ("/api/v1/components", "GET"),
    ("/api/v1/components/{identifier}", "GET"),
    ("/api/v1/cases/{number}/component", "GET"),
    ("/api/v1/cases/{number}/component", "PUT"),
    ("/api/v1/figures", "GET"),
    ("/api/v1/figures/{key}", "GET"),
    ("/api/v1/figures/{key}/cases", "GET"),
    ("/api/v1/work-reports", "GET"),
    ("/api/v1/work-reports/{number}", "GET"),
    ("/api/v1/evaluations", "GET"),
    ("/api/v1/evaluations/{id}", "GET"),
    ("/api/v1/statistics", "GET"),
    ("/api/v1/targets", "GET"),
    ("/api/v1/steps", "GET"),
    ("/api/v1/classes", "GET"),
    ("/api/v1/departments", "GET"),
]
# Few and always the same: this is the suite's guard, not a search.
SHORT = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def county(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    rate.forget()
    with instants.at(small.MONDAY):
        configuration.change("api.calls_per_minute", 100_000, by=SYSTEM)
        configuration.forget()
        yield small.build()


@pytest.fixture
def schema(county):
    """The program as a server runs it, but in the test's transaction, which a request's end would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi(DOCUMENT, WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_document_is_openapi_3_1_and_names_every_operation(client):
    document = client.get(DOCUMENT).json()
    assert document["openapi"].startswith("3.1")
    told = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    assert told == set(OPERATIONS)
    assert all(operation["security"] for methods in document["paths"].values() for operation in methods.values())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_call_is_answered_as_the_document_says(schema, county, path, method, mode):
    known = {"number": county.report().number, "id": published.build(county)["receivers"]}
    user = county.users["receiver"].username
    _token, secret = tokens.create_token(user, by=SYSTEM, name="test", scopes=Scope.values)
    told = []

    @SHORT
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def call(case):
        # Guessed numbers find nothing: half of the calls are about what is there.
        if len(told) % 2:
            case.path_parameters.update({name: known[name] for name in case.path_parameters or {} if name in known})
        response = case.call(headers={"Authorization": f"Bearer {secret}"})
        case.validate_response(response, checks=CHECKS)
        told.append(response.status_code)

    call()
    # Negative calls try wrong tokens, too; some must have come past the door.
    assert set(told) - {401} and 429 not in told


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_there_is_not_is_a_problem_too(method, db):
    response = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/nowhere/at/all")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
