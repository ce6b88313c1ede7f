import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from chengyun.core import instants, jobs
from chengyun.core.models import JobLease, Record

pytestmark = pytest.mark.django_db

# Jobs are found again by their path, so they stand at the top of a module.
LATER = dt.timedelta(hours=1)
calls = []


@jobs.job()
def greet(name):
    calls.append(name)
    return f"你好，{name}"


@jobs.job(tries=2)
def stumble():
    calls.append("stumble")
    raise RuntimeError("a stone on the road")


@jobs.job()
def sleep_long():
    Record.objects.create(chain="job", seq=1, at=instants.now(), verb="job.started", by_name="", hash="")
    time.sleep(60)


@jobs.job()
def work_longer_than_the_lease():
    time.sleep(1.0)


@pytest.fixture(autouse=True)
def no_calls():
    calls.clear()


def row():
    return DBTaskResult.objects.get()


def a_moment_later():
    """Back-off over: the ready query of django-tasks reads the machine's clock."""
    DBTaskResult.objects.update(run_after=instants.now())


def test_a_job_runs_once():
    greet.enqueue("王工")

    assert jobs.run_next_job("worker-a")
    assert not jobs.run_next_job("worker-a")
    assert calls == ["王工"]
    assert (row().status, row().return_value) == ("SUCCESSFUL", "你好，王工")
    assert not JobLease.objects.exists()


def test_an_idle_look_is_one_read(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not jobs.run_next_job("worker-a")


def test_a_failed_job_is_tried_again_later():
    stumble.enqueue()
    before = instants.now()
    jobs.run_next_job("worker-a")

    assert row().status == "READY"
    assert row().run_after >= before + dt.timedelta(seconds=2)
    assert not jobs.run_next_job("worker-a")


def test_a_job_that_fails_every_time_ends_as_failed():
    stumble.enqueue()
    jobs.run_next_job("worker-a")
    a_moment_later()
    jobs.run_next_job("worker-b")

    assert (row().status, calls) == ("FAILED", ["stumble", "stumble"])
    assert "a stone on the road" in row().traceback


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_job():
    for number in range(6):
        greet.enqueue(str(number))
    barrier = threading.Barrier(2)

    def worker(name):
        barrier.wait(10)
        while jobs.run_next_job(name):
            pass
        connection.close()

    threads = [threading.Thread(target=worker, args=(name,)) for name in ("worker-a", "worker-b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(calls) == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.django_db(transaction=True)
def test_a_long_job_keeps_its_lease():
    work_longer_than_the_lease.enqueue()
    thread = threading.Thread(target=lambda: (jobs.run_next_job("worker-a", lease_s=0.4), connection.close()))
    thread.start()
    time.sleep(0.8)

    assert jobs.reclaim() == 0
    thread.join()
    assert row().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_reclaimed_and_done_by_another():
    """A real process, killed in the middle of its job."""
    sleep_long.enqueue()
    victim = subprocess.Popen([sys.executable, "-c", textwrap.dedent(VICTIM)], env=environment())
    wait_for(lambda: Record.objects.filter(chain="job").exists())
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    assert row().status == "RUNNING"

    wait_for(jobs.reclaim)

    assert row().status == "READY"
    assert row().run_after > instants.now()
    DBTaskResult.objects.update(task_path=greet.module_path, args_kwargs={"args": ["接班人"], "kwargs": {}})
    a_moment_later()
    assert jobs.run_next_job("worker-b")
    assert calls == ["接班人"]


def test_a_job_that_kills_every_worker_is_given_up():
    stumble.enqueue()
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["worker-a", "worker-b"])
    JobLease.objects.create(task_id=row().id, worker="worker-b", until=instants.now())

    assert jobs.reclaim() == 1
    assert row().status == "FAILED"


def test_a_worker_that_slept_over_its_lease_does_not_overwrite_the_other():
    greet.enqueue("王工")
    claimed = jobs._claim("worker-a", 60)
    with instants.at(instants.now() + LATER):
        jobs.reclaim()
    jobs._finish(claimed, jobs.Outcome(("too late",)))

    assert (row().status, row().return_value) == ("READY", None)


VICTIM = """
    import django
    django.setup()
    from chengyun.core import jobs
    jobs.run_next_job("victim", lease_s=1.0)
"""


def environment():
    """The test database, for a process of its own."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        parts = connection.settings_dict
        password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
        address = f"postgres://{parts['USER']}{password}@{parts['HOST']}:{parts['PORT']}/{name}"
    else:
        address = f"sqlite:{name}"
    return (
        os.environ
        | {"CHENGYUN_DATABASE": address, "PYTHONPATH": os.pathsep.join(sys.path)}
        | {
            "DJANGO_SETTINGS_MODULE": "chengyun.config.settings",
            "CHENGYUN_LOG_LEVEL": "INFO",
        }
    )


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited for nothing"
        time.sleep(0.05)
