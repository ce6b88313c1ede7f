import signal
import subprocess
import sys
import time

import pytest
from django.core.management import call_command

from chengyun.core import history
from chengyun.core.models import Schedule, Seal
from chengyun.core.tests.test_jobs import environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker():
    process = subprocess.Popen(
        [sys.executable, "-m", "chengyun", "worker"], env=environment(), stderr=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()
    process.stderr.close()


def test_the_worker_does_timed_work_and_stops_when_told(worker, auditor):
    history.record("user:1", "user.changed", {}, by=auditor)
    wait_for(lambda: Seal.objects.exists())

    asked = time.monotonic()
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(20) == 0
    assert time.monotonic() - asked < 5
    assert "worker stopped" in worker.stderr.read()


def test_once_does_what_is_waiting_and_ends(auditor):
    history.record("user:1", "user.changed", {}, by=auditor)
    call_command("worker", "--once")

    assert Seal.objects.exists()
    assert Schedule.objects.filter(finished_at=None).count() == 0
