import datetime as dt

import pytest
from django.db import DatabaseError, connection

from chengyun.core import disk, events, instants
from chengyun.core.models import Schedule
from chengyun.operations import clock, health, views

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch):
    monkeypatch.setattr(views, "ready_reasons", health.reasons)
    monkeypatch.setattr(health, "_migrated", False)


@pytest.fixture
def worker():
    moment = instants.now()
    return Schedule.objects.create(name="any", due_at=moment, finished_at=moment)


def ready(client):
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["reasons"]


def test_all_is_well(client, worker):
    assert ready(client) == (200, [])


def test_a_worker_that_never_ran_is_named(client):
    assert ready(client) == (503, ["worker"])


def test_a_silent_worker_is_named(client, worker):
    Schedule.objects.update(finished_at=instants.now() - dt.timedelta(minutes=5))
    assert ready(client) == (503, ["worker"])


def test_a_full_disk_is_named(client, worker, monkeypatch, tmp_path):
    monkeypatch.setattr(disk, "state", lambda: disk.State(disk.Level.NO_WRITES, tmp_path, 0, None))
    assert ready(client) == (503, ["disk"])


def test_a_pending_migration_is_named(client, worker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")
    assert "migrations" in ready(client)[1]


def test_a_row_from_the_future_is_named(client, worker):
    with instants.at(instants.now() + dt.timedelta(minutes=10)):
        events.append("case.step", "case:1")
    assert ready(client) == (503, ["clock"])


def test_an_unreachable_database_is_named_without_its_address(client, monkeypatch):
    def refuse():
        raise DatabaseError("connection to server at 10.1.2.3 failed for user chengyun")

    monkeypatch.setattr(health, "is_writable", refuse)
    assert ready(client) == (503, ["database"])


@pytest.mark.postgres
def test_a_standby_is_not_ready(client, worker):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert "database_read_only" in ready(client)[1]


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "ok"}


def test_probes_that_come_close_together_share_an_answer():
    asked = []
    kept = health.Kept(lambda: asked.append(1) or [])
    kept(), kept()
    assert len(asked) == 1


def test_a_moved_clock_is_noticed_once(monkeypatch):
    watch = clock.Watch()
    monkeypatch.setattr(clock, "since_start", lambda: watch.stood + 3600)
    stood = watch.stood
    monkeypatch.setattr(clock, "since_start", lambda: stood + 3600)
    assert (round(watch.look()), watch.look(), watch.jumps) == (3600, 0.0, 1)
