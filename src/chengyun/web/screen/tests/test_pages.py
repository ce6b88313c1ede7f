"""The wall's addresses: what a poll costs, who gets in, and what a wall's own account may do."""

from __future__ import annotations

import gzip
import html
import json
import re
import time

import pytest
from django.urls import reverse

from chengyun.core import configuration
from chengyun.core.events import Cursor
from chengyun.core.models import Event
from chengyun.insight import extra
from chengyun.people.access import SYSTEM
from chengyun.web.middleware import SEEN, STARTED
from chengyun.web.screen import snapshot

JSON = {"Accept": "application/json"}


def poll(client, seen=""):
    return client.get("/screen/data", {"seen": seen}, headers=JSON)


def test_a_poll_when_nothing_happened_costs_four_statements(at_wall, county, django_assert_max_num_queries, settings):
    client = at_wall()
    first = poll(client)
    version = json.loads(gzip.decompress(first.content))["version"]
    # Session, person, who he is, the newest event; PostgreSQL is asked for what is not final yet.
    with django_assert_max_num_queries(5):
        again = poll(client, version)
    assert again.status_code == 204
    assert again["X-Release"] == settings.STATIC_VERSION


def test_a_snapshot_is_made_in_few_statements(at_wall, county, django_assert_max_num_queries):
    client = at_wall()
    poll(client)
    county.walk(county.report(), "dispatch")
    with django_assert_max_num_queries(32):
        assert poll(client).status_code == 200


def test_whoever_gets_an_older_picture_is_told_when_to_come_again(at_wall, county, monkeypatch):
    client = at_wall()
    assert "X-Behind" not in poll(client)
    monkeypatch.setattr(snapshot, "NEWEST_S", 3600.0)
    county.report()
    assert poll(client)["X-Behind"] == "1.00"
    monkeypatch.setattr(snapshot, "NEWEST_S", 0.0)
    assert "X-Behind" not in poll(client)


def test_who_waits_for_what_is_being_made_waits_as_long_as_that_takes():
    place, last = snapshot._Place(), snapshot.Snapshot((), time.monotonic() - 60, 0.4, "", b"", frozenset())
    assert place.next_in(last) == snapshot.SOONEST_S
    place.begun_at = time.monotonic()
    with place.lock:
        assert 0.3 < place.next_in(last) <= 0.4


def test_a_wall_never_counts_back(at_wall, county, monkeypatch):
    """Another process told it more than this one knows; what is newest is told in any case, as after a restore."""
    client = at_wall()
    poll(client)
    monkeypatch.setattr(snapshot, "NEWEST_S", 3600.0)
    county.report()
    # Not what is final: on PostgreSQL that is nothing of the test's own transaction.
    newest = Event.objects.order_by("-xid", "-id")[0].cursor
    newer, older = f"{newest}~of-another-process", f"{Cursor.START}~of-another-process"
    assert poll(client, newer).status_code == 204
    assert poll(client, older).status_code == 200
    monkeypatch.setattr(snapshot, "NEWEST_S", 0.0)
    assert poll(client, f"{2**62}.1~before-the-restore").status_code == 200
    assert poll(client, "of a release before").status_code == 200


@pytest.mark.parametrize("path", ["/screen/", "/screen/data", "/screen/heat.geojson", "/screen/pocket/"])
def test_who_reads_no_figures_is_told_so(at_wall, path):
    client = at_wall("collector")
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/screen/", "/screen/data", "/screen/pocket/"])
def test_without_the_extra_the_page_says_what_is_missing(at_wall, monkeypatch, path):
    monkeypatch.setattr(extra, "is_installed", lambda: False)
    answer = at_wall().get(path)
    assert answer.status_code == 400
    assert "chengyun[insight]" in answer.content.decode()


def test_the_page_of_the_wall_asks_nobody_outside(at_wall):
    text = at_wall().get("/screen/").content.decode()
    assert "http://" not in text.replace("http://www.w3.org", "") and "https://" not in text
    assert 'data-tile="totals"' in text


@pytest.mark.parametrize("period", ["", "today", "month", "year"])
def test_the_pocket_has_ten_figures_that_open(at_wall, county, period):
    county.walk(county.report(), "close")
    client = at_wall()
    text = client.get("/screen/pocket/", {"period": period}).content.decode()
    addresses = re.findall(r'<li><a href="(/figures/[^"]+)"', text)
    assert len(addresses) == 10
    assert client.get(html.unescape(addresses[0])).status_code == 200


def test_a_period_that_there_is_not_is_refused(at_wall):
    assert at_wall().get("/screen/pocket/", {"period": "century"}).status_code == 400


def test_the_heat_lies_where_cases_were_reported(at_wall, county):
    for lon in (117.1, 117.1, 117.3):
        county.report(lon=lon, lat=37.2)
    features = at_wall().get("/screen/heat.geojson").json()["features"]
    weights = {tuple(each["geometry"]["coordinates"]): each["properties"]["weight"] for each in features}
    assert weights == {(117.1, 37.2): 1.0, (117.3, 37.2): 0.71}


# --- an account that stands on the wall ------------------------------------------------------------------------------


def grow_old(client, seconds):
    session = client.session
    session[SEEN], session[STARTED] = time.time() - seconds, time.time() - seconds
    session.save()


@pytest.fixture
def standing(county):
    configuration.change("screen.standing_accounts", ["leader"], by=SYSTEM)


def test_the_poll_is_no_sign_of_life(at_wall):
    client = at_wall()
    grow_old(client, 3600)
    assert poll(client).status_code == 401


def test_the_walls_own_account_is_not_signed_out(at_wall, standing):
    client = at_wall()
    grow_old(client, 3 * 24 * 3600)
    assert poll(client).status_code == 200
    assert client.get("/screen/").status_code == 200


def test_it_is_signed_out_where_no_wall_polls(at_wall, standing):
    client = at_wall()
    grow_old(client, 3600)
    assert client.get(reverse("web:home")).status_code == 302
    assert poll(client).status_code == 401


def test_it_changes_nothing(at_wall, standing, county):
    client = at_wall()
    case = county.report()
    refused = client.post(reverse("cases:step", args=[case.number, "instruct"]), {"version": 1}, headers=JSON)
    assert refused.status_code == 403 and "只能查看" in refused.json()["message"]
    assert client.post(reverse("web:logout")).status_code == 302
