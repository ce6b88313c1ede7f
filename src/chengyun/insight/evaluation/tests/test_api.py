"""Published evaluations over the API."""

import pytest

from chengyun.insight.evaluation.models import Publication
from chengyun.insight.evaluation.tests import published
from chengyun.people.access import SYSTEM
from chengyun.people.tokens import create_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client, county):
    def ask(address, user="evaluator"):
        _token, secret = create_token(county.users[user].username, by=SYSTEM, name="test", scopes=("cases:read",))
        return client.get(f"/api/v1/evaluations{address}", headers={"Authorization": f"Bearer {secret}"})

    return ask


def test_the_list_is_newest_first_and_narrowed(county, asked):
    ids = published.build(county)
    assert [each["id"] for each in asked("").json()["evaluations"]] == [ids["receivers"], ids["bureaus"]]
    narrowed = asked("?kind=department&period=2026-02&group=bureaus").json()["evaluations"]
    assert [(each["id"], each["group_name"], each["is_newest"]) for each in narrowed] == [
        (ids["bureaus"], "县直部门", True)
    ]
    assert asked("?period=2026-03").json() == {"evaluations": [], "next": ""}
    assert asked(f"?before={ids['receivers']}").json()["evaluations"][0]["id"] == ids["bureaus"]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("?kind=fines", 400, "kind"),
        ("?period=2026-13", 400, "period"),
        ("?group=%00", 422, "group"),
        ("?before=abc", 400, "before"),
        ("?before=-1", 400, "before"),
        (f"?before={'9' * 30}", 400, "before"),
    ],  # fmt: skip
)
def test_what_is_not_known_is_named(county, asked, query, status, field):
    answer = asked(query)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


def test_one_with_its_scheme_and_every_line(county, asked):
    told = asked(f"/{published.build(county)['bureaus']}").json()
    assert sum(line["weight"] for line in told["scheme"]["lines"]) == 100
    first = told["rows"][0]
    assert (first["name"], first["total"], first["grade"], first["late"]) == (county.housing.short_name, 90, "A", 1)
    assert [each["indicator"] for each in first["figures"]] == [
        each["indicator"] for each in told["scheme"]["lines"]
    ]  # fmt: skip
    assert first["figures"][0] == {
        "indicator": "closing_rate", "value": 100, "numerator": 1, "denominator": 1, "score": 100, "weight": 25,
    }  # fmt: skip


def test_a_replaced_version_says_so(county, asked):
    old = Publication.objects.get(pk=published.build(county)["bureaus"])
    new = Publication.objects.get(pk=old.pk)
    new.pk, new.version, new.reason = None, 2, "补录"
    new.save(force_insert=True)
    told = {each["version"]: each["is_newest"] for each in asked("?kind=department").json()["evaluations"]}
    assert told == {1: False, 2: True}
