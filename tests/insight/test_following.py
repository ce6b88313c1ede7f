"""Fact files follow what happens, and a question never waits for them."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.db import connections

from chengyun.casework.cases.services.steps import take_step
from chengyun.core import events, instants
from chengyun.demo import small
from chengyun.insight.facts import feed, store
from chengyun.insight.facts.session import session
from chengyun.people.roles import Role
from tests.insight.stories import report

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(facts_folder):
    with instants.at(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        yield small.build()


def stages():
    return sorted(stage for (stage,) in session().ask("SELECT stage FROM cases"))


def test_a_question_sees_what_was_committed_before_it(county):
    report(county)
    feed.rebuild()
    case = report(county)
    assert stages() == ["reported", "reported"]
    take_step(case.pk, "refuse", by=county.actor(Role.RECEIVER), version=case.version, reason="不属受理范围")
    assert stages() == ["refused", "reported"]


def test_without_any_file_everything_is_read_from_the_database(county):
    report(county)
    assert store.manifest() is None
    assert stages() == ["reported"]


@pytest.mark.postgres
def test_a_question_waits_for_no_older_transaction(county):
    """Another's transaction began before and still runs: the files wait for it, a question does not."""
    feed.rebuild()
    with older_transaction():
        report(county)
        assert stages() == ["reported"]
        assert stages() == ["reported"]
        assert feed.advance(everything=True) == 0


@contextmanager
def older_transaction():
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def test_following_gives_the_files_that_rebuilding_gives(county):
    cases = [report(county) for _number in range(3)]
    events.settle()
    feed.rebuild()
    take_step(cases[1].pk, "refuse", by=county.actor(Role.RECEIVER), version=1, reason="不属受理范围")
    report(county)
    events.settle()
    assert feed.advance(everything=True) == 2
    followed = store.manifest()
    feed.rebuild()
    assert store.manifest() == followed


def test_few_fresh_changes_wait_and_old_ones_do_not(county):
    feed.rebuild()
    report(county)
    events.settle()
    assert feed.advance() == 0
    with instants.at(instants.now() + feed.OLD + dt.timedelta(seconds=1)):
        assert feed.advance() == 1
    assert feed.advance() == 0


def test_killed_before_the_swap_nothing_is_lost(county, monkeypatch):
    feed.rebuild()
    before = store.manifest()
    report(county)
    events.settle()

    def killed(*_manifests):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(store, "swap", killed)
        feed.advance(everything=True)
    assert store.manifest() == before
    assert stages() == ["reported"]
    assert feed.advance(everything=True) == 1
    assert stages() == ["reported"]


def test_a_restored_database_is_read_from_nothing(county):
    report(county)
    events.settle()
    feed.rebuild()
    events.Event.objects.all().delete()
    assert feed.current() is None
    assert feed.advance() == 1


def test_only_one_process_writes(county):
    with store.alone() as mine:
        assert mine
        assert feed.rebuild() == 0


def test_a_spoilt_manifest_is_made_anew(county):
    report(county)
    events.settle()
    feed.rebuild()
    (store.folder() / store.MANIFEST).write_bytes(b"\x00half a manif")
    assert feed.advance() == 1
    assert pc.sum(pq.read_table(store.folder() / store.manifest().files("cases")[0])["version"]).as_py() == 1
