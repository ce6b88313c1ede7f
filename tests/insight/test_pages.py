"""The pages and the API of figures: what they show is what the facts say, and each number opens its cases."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict

from chengyun.core import events, instants
from chengyun.demo.small import SmallCounty, build
from chengyun.insight.facts.session import forget
from chengyun.insight.figures import links
from chengyun.insight.figures.asking import ask, ask_many
from chengyun.insight.figures.indicator import indicators
from chengyun.insight.figures.periods import Period
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Scope
from chengyun.people.tokens import create_token
from tests.insight.stories import report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts_folder")]

NOW = dt.datetime(2026, 3, 4, 2, tzinfo=dt.UTC)
MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.fixture
def county() -> SmallCounty:
    with instants.at(NOW):
        forget()
        built = build()
        for _each in range(3):
            report(built)
        report(built, "public")
        yield built
    forget()


@pytest.fixture
def chief(county, client):
    client.force_login(county.users["duty_chief"])
    return client


def shown(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_all_indicators_are_shown_with_their_links(chief):
    page = chief.get("/figures/", {"from": "2026-03-01", "to": "2026-03-31"}).content.decode()
    assert all(f'href="/figures/{each.key}/?from=2026-03-01' in page for each in indicators())
    assert "4\u202f件" in page


def test_a_figure_opens_the_cases_behind_it(county, chief):
    figure = ask(actor_for(county.users["duty_chief"]), "reported", MARCH, by=["source"])
    whole = chief.get(links.figure_address(figure))
    assert len(re.findall(r'href="/cases/\w+/"', whole.content.decode())) == 4
    hotline = chief.get(links.figure_address(figure, ("hotline",)))
    assert len(re.findall(r'href="/cases/\w+/"', hotline.content.decode())) == 3
    assert "来源：热线" in shown(hotline)


def test_a_figure_is_split_by_a_dimension(chief):
    page = chief.get("/figures/reported/", {"from": "2026-03-01", "to": "2026-03-31", "by": "source"}).content.decode()
    assert re.findall(r'figure-bar" href="[^"]*where=source%3A(\w+)', page) == ["hotline", "public"]


@pytest.mark.django_db(transaction=True)
def test_a_link_tells_how_the_figure_stood_and_what_has_changed_since(county, chief):
    events.settle()
    figure = ask(actor_for(county.users["duty_chief"]), "reported", MARCH)
    link = links.figure_address(figure)
    assert "当时为" not in shown(chief.get(link))
    report(county)
    events.settle()
    later = shown(chief.get(link))
    assert "当时为 4；此后有 1 件案件变动" in later and "5 件" in later


def test_what_a_link_says_is_read_back(county):
    figure = ask(SYSTEM, "reported", MARCH, by=["source", "department"], where={"source": ["hotline", "public"]})
    for group in figure.groups:
        address = urlsplit(links.figure_address(figure, group))
        asked = links.read(QueryDict(address.query), by=SYSTEM)
        assert asked.period == MARCH and asked.told.value == figure.groups[group].value
        assert asked.where == {"source": [group[0]], "department": [group[1]]}
        assert ask(SYSTEM, "reported", asked.period, where=asked.where).total == figure.groups[group]


GARBAGE = (
    {"from": "gestern"}, {"to": "2026-13-01"}, {"from": "0001-01-01"}, {"to": "9999-12-31"},
    {"from": "2026-02-02", "to": "2026-02-01"}, {"where": "wetter:1"}, {"where": "department:" + "9" * 40},
    {"where": "source"}, {"where": "township:\x00"}, {"by": "'; DROP"}, {"before": "9" * 30}, {"part": "x"},
    {"asof": "1.1~2026-01-01"}, {"asof": f"{'9' * 60}.1~2026-01-01T00:00:00+00:00"}, {"was": "nan"},
    {"asof": "1.1~9999-12-31T23:59:59-12:00"}, {"asof": "1.1~2026-01-01T00:00:00+00:00", "was": "inf"},
)  # fmt: skip


def test_garbage_in_an_address_is_said_or_left_aside(chief):
    for query in GARBAGE:
        for page in ("/figures/", "/figures/on_time_handling_rate/"):
            assert chief.get(page, query).status_code == 200, query


def test_a_day_that_cannot_be_is_named(chief):
    assert "日期“gestern”读不懂" in shown(chief.get("/figures/filed/", {"from": "gestern"}))


@pytest.mark.parametrize("last", ("1970-12-31", "1970-06-30"))
def test_the_first_year_is_shown_without_the_year_before_it(chief, last):
    page = chief.get("/figures/", {"from": "1970-01-01", "to": last})
    assert page.status_code == 200 and "立案数" in shown(page) and "1969" not in shown(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"to": "9999-12-31"}, "日期 9999-12-31 不在 1970 年至 2199 年之间"),
        ({"from": "0001-01-01"}, "日期 0001-01-01 不在 1970 年至 2199 年之间"),
        ({"where": "source:\x00"}, "条件“source:”读不懂"),
        ({"where": "grid:\u0661"}, "“责任网格”没有“\u0661”"),
        ({"where": "year:1e9"}, "“年”没有“1e9”，请只写数字"),
    ],
)
def test_what_is_refused_is_what_was_typed(chief, query, said):
    assert said in shown(chief.get("/figures/", query))


def test_an_unknown_indicator_is_not_found(chief):
    assert chief.get("/figures/wetter/").status_code == 404


def test_without_the_extra_the_page_says_so(chief, monkeypatch):
    monkeypatch.setattr("chengyun.insight.extra.NEEDED", ("no_such_package",))
    for page in ("/figures/", "/figures/filed/"):
        assert "没有选统计组件" in shown(chief.get(page))


def test_a_handler_counts_what_a_handler_sees(county, client):
    client.force_login(county.users["handler"])
    page = shown(client.get("/figures/reported/", {"from": "2026-03-01", "to": "2026-03-31"}))
    assert "没有案件计入这个数字" in page and "您能看到的案件" in page


def test_figures_over_json(county, client):
    user = county.users["duty_chief"]
    secret = create_token(user.username, by=SYSTEM, name="屏", scopes=[Scope.CASES_READ])[1]
    headers = {"Authorization": f"Bearer {secret}"}
    period = {"from": "2026-03-01", "to": "2026-03-31"}
    known = client.get("/api/v1/figures", headers=headers).json()["indicators"]
    assert [each["key"] for each in known] == [each.key for each in indicators()]
    told = client.get("/api/v1/figures/reported", {**period, "by": "source"}, headers=headers).json()
    assert told["value"] == 4 and [(each["key"], each["value"]) for each in told["groups"]] == [
        (["hotline"], 3),
        (["public"], 1),
    ]
    first = client.get("/api/v1/figures/reported/cases", {**period, "limit": 3}, headers=headers).json()
    rest = client.get(
        "/api/v1/figures/reported/cases", {**period, "before": first["next"], "limit": 3}, headers=headers
    ).json()
    assert sum(each["rows"] for each in first["cases"] + rest["cases"]) == 4 and rest["next"] is None
    wrong = client.get("/api/v1/figures/reported", {"where": "wetter:1"}, headers=headers)
    assert wrong.status_code == 400 and wrong.json()["field"] == "where"


def test_many_figures_are_asked_at_one_instant(county):
    found = ask_many(SYSTEM, ["filed", "reported"], MARCH)
    assert list(found) == ["filed", "reported"] and found["filed"].as_of == found["reported"].as_of
    assert parse_qs(urlsplit(links.figure_address(found["reported"])).query)["was"] == ["4"]
