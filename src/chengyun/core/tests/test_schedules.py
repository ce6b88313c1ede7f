import datetime as dt
import threading

import pytest
from django.db import connection

from chengyun.core import instants, schedules
from chengyun.core.models import Schedule

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 4, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def no_other_schedules(monkeypatch):
    monkeypatch.setattr(schedules, "_timed", {})


def after(seconds):
    return instants.at(NOON + dt.timedelta(seconds=seconds))


def test_timed_work_runs_at_once_and_then_every_so_often():
    runs = []
    schedules.every(seconds=30)(lambda: runs.append(instants.now()))

    for seconds in (0, 10, 29, 31, 40, 62):
        with after(seconds):
            schedules.run_due()

    assert [(run - NOON).total_seconds() for run in runs] == [0, 31, 62]


def test_a_clock_that_was_set_back_does_not_stop_timed_work():
    runs = []
    schedules.every(seconds=30)(lambda: runs.append(instants.now()))

    for seconds in (0, -86_400, -86_369):
        with after(seconds):
            schedules.run_due()

    assert [(run - NOON).total_seconds() for run in runs] == [0, -86_400, -86_369]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_run_it_once():
    runs = []
    schedules.every(seconds=3600)(lambda: runs.append(threading.get_ident()))
    schedules.run_due()
    Schedule.objects.update(due_at=NOON)
    barrier = threading.Barrier(2)
    taken = []

    def worker():
        rows = Schedule.objects.in_bulk()
        barrier.wait(10)  # both have seen it due
        [timed] = schedules._timed.values()
        taken.append(schedules._take(timed, rows[timed.name].due_at))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [False, True]


def test_work_that_fails_is_noted_and_comes_again():
    tries = []

    @schedules.every(seconds=10)
    def failing():
        tries.append(1)
        raise RuntimeError("no paper in the printer")

    for seconds in (0, 11):
        with after(seconds):
            schedules.run_due()

    assert len(tries) == 2
    assert "no paper" in Schedule.objects.get().error


def test_work_whose_worker_vanished_is_taken_over_after_its_lease():
    runs = []
    schedules.every(seconds=10, lease_s=60)(lambda: runs.append(1))
    with after(0):
        schedules.run_due()
    with after(20):
        [timed] = schedules._timed.values()
        schedules._take(timed, Schedule.objects.get().due_at)  # … and killed here

    with after(70):
        schedules.run_due()
    assert len(runs) == 1
    with after(81):
        schedules.run_due()
    assert len(runs) == 2
