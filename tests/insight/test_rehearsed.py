"""New files are made ready while those before still answer; files far behind answer nobody."""

from __future__ import annotations

import datetime as dt
import json
import threading

import pytest
from django.core.management import call_command

from chengyun.casework.cases.tests import county as small
from chengyun.core import events, instants
from chengyun.insight import jobs
from chengyun.insight.facts import feed, rehearsing, store
from chengyun.insight.facts.session import session, settle
from chengyun.insight.figures import kept

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = "SELECT count(*) FROM cases"


@pytest.fixture
def county(facts_folder):
    with instants.at(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        yield small.build()


@pytest.fixture
def rehearsed(county, monkeypatch):
    """A case in the files and one more since; what is asked again and again waits until the event is set."""
    go_on = threading.Event()
    monkeypatch.setattr(rehearsing, "_asked", [lambda: lambda _session: go_on.wait(20) or pytest.fail("nobody came")])
    county.report()
    events.settle()
    feed.rebuild()
    session()
    county.report()
    yield go_on
    go_on.set()
    settle()


def swapped():
    events.settle()
    assert feed.advance(everything=True) == 1
    return store.manifest()


def test_the_files_before_answer_until_the_new_ones_are_ready(county, rehearsed):
    before = store.manifest()
    after = swapped()
    county.report()
    assert session().files.known == before
    assert session().ask(COUNT) == [(3,)]
    rehearsed.set()
    settle()
    assert session().files.known == after
    assert session().ask(COUNT) == [(3,)]
    assert len(session().hot["cases"]) == 1


def test_files_that_cannot_be_made_ready_are_taken_by_whoever_asks(county, rehearsed, monkeypatch):
    def failing(_session):
        raise OSError("no such file")

    monkeypatch.setattr(rehearsing, "_asked", [lambda: failing])
    after = swapped()
    session()
    settle()
    assert session().files.known == after
    assert session().ask(COUNT) == [(2,)]


def test_after_a_restore_the_files_before_answer_nobody(county, rehearsed):
    events.Event.objects.all().delete()
    feed.rebuild()
    assert session().files.known == store.manifest()


def test_where_nobody_asks_again_and_again_new_files_are_taken_at_once(county, rehearsed, monkeypatch):
    monkeypatch.setattr(rehearsing, "_asked", [lambda: None])
    assert swapped() == session().files.known


def test_what_is_asked_no_more_is_not_rehearsed(county, monkeypatch):
    kept.forget()
    kept._recent.note(["a part"])
    assert kept._recent.rehearsal() is not None
    monkeypatch.setattr(kept, "RECENT_S", 0)
    assert kept._recent.rehearsal() is None


def test_figures_far_behind_are_said_to_be_prepared_and_made_from_nothing(county, client, monkeypatch):
    monkeypatch.setattr(feed, "FAR", 2)
    for _number in range(3):
        county.report()
    events.settle()
    client.force_login(county.users["leader"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/figures/reported/")
    assert page.status_code == 503
    assert "数据正在准备" in page.content.decode() and "后台进程" in page.content.decode()
    answer = client.get("/screen/data", headers={"accept": "application/json"})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (503, "preparing")
    jobs.write_facts()
    assert client.get("/figures/reported/").status_code == 200
    for _number in range(3):
        county.report()
    events.settle()
    assert client.get("/figures/reported/").status_code == 503
    assert feed.advance() == 6
    assert client.get("/figures/reported/").status_code == 200


def test_a_command_waits_for_no_worker(county, monkeypatch, capsys):
    monkeypatch.setattr(feed, "FAR", 2)
    for _number in range(3):
        county.report()
    events.settle()
    call_command("insight_figure", "reported")
    assert capsys.readouterr().out.startswith("上报数 3 件")


def test_the_worker_writes_until_little_is_left(county, monkeypatch):
    feed.rebuild()
    monkeypatch.setattr(feed, "MOST", 1)
    monkeypatch.setattr(feed, "BATCH", 1)
    monkeypatch.setattr(feed, "MANY", 1)
    for _number in range(3):
        county.report()
    events.settle()
    jobs.write_facts()
    assert feed.changes(store.manifest().cursor)[1] == set()
