"""Background work on django-tasks, with what it lacks: lease and heartbeat, reclaim, back-off (DESIGN §4.11).

    @job(tries=5)
    def export(scope: str) -> None: ...        export.enqueue("110105")

A job may run twice (its worker was killed after the work and before the note of it), so it must bear that.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from chengyun.core.attempts import Outcome, attempt, pause_after
from chengyun.core.instants import now
from chengyun.core.models import JobLease
from chengyun.core.schedules import every

__all__ = ["discover", "every", "job", "reclaim", "run_next_job"]

DEFAULT_TRIES = 5
LEASE_S = 60.0
LEFTOVERS_AT_ONCE = 100

log = structlog.get_logger(__name__)

_tries: dict[str, int] = {}


def job(*, tries: int = DEFAULT_TRIES, priority: int = 0) -> Callable[[Callable[..., Any]], Task[..., Any]]:
    """Make a function of a module's `jobs.py` a job that is tried up to `tries` times."""

    def make(function: Callable[..., Any]) -> Task[..., Any]:
        made: Task[..., Any] = task(priority=priority)(function)
        _tries[made.module_path] = tries
        return made

    return make


def discover() -> None:
    autodiscover_modules("jobs")


@dataclass(frozen=True)
class Claimed:
    row: DBTaskResult[..., Any]
    worker: str

    @property
    def id(self) -> UUID:
        return UUID(str(self.row.id))

    @property
    def may_try_again(self) -> bool:
        return _may_try_again(self.row)


def run_next_job(worker: str, *, lease_s: float = LEASE_S) -> bool:
    """Run one job that is ready; False when there is none."""
    if not DBTaskResult.objects.ready().exists():  # without a write transaction: idle workers disturb nobody
        return False
    claimed = _claim(worker, lease_s)
    if claimed is None:
        return False
    with _heartbeat(claimed, lease_s):
        outcome = attempt("job", lambda: _call(claimed.row), task=claimed.row.task_path, id=str(claimed.id))
    _finish(claimed, outcome)
    return True


def reclaim() -> int:
    """Give back the jobs of workers that stopped renewing their lease; returns how many."""
    lost = JobLease.objects.filter(until__lt=now()).order_by("until")[:LEFTOVERS_AT_ONCE]
    return sum(_give_back(lease) for lease in lost)


def _claim(worker: str, lease_s: float) -> Claimed | None:
    with transaction.atomic():
        row = DBTaskResult.objects.ready().get_locked()
        if row is None:
            return None
        row.claim(worker)
        lease = {"worker": worker, "until": now() + dt.timedelta(seconds=lease_s)}
        JobLease.objects.update_or_create(task_id=row.id, defaults=lease)
    return Claimed(row, worker)


def _call(row: DBTaskResult[..., Any]) -> Any:
    result = row.task_result
    return result.task.call(*result.args, **result.kwargs)


def _finish(claimed: Claimed, outcome: Outcome[Any]) -> None:
    with transaction.atomic():
        if not JobLease.objects.filter(task_id=claimed.id, worker=claimed.worker).delete()[0]:
            log.warning("lease lost, another worker has the job", task=claimed.row.task_path, id=str(claimed.id))
        elif outcome.error is None:
            claimed.row.set_successful(outcome.value)
        elif claimed.may_try_again:
            _put_back(claimed.row)
        else:
            claimed.row.set_failed(outcome.error)


def _give_back(lease: JobLease) -> bool:
    with transaction.atomic():
        if not JobLease.objects.filter(task_id=lease.task_id, until=lease.until).delete()[0]:
            return False  # renewed or taken meanwhile
        row = DBTaskResult.objects.filter(id=lease.task_id, status=TaskResultStatus.RUNNING).first()
        if row is None:
            return False
        if _may_try_again(row):
            _put_back(row)
        else:
            row.set_failed(RuntimeError(f"worker {lease.worker} vanished"))
    log.warning("job reclaimed", task=row.task_path, id=str(row.id), worker=lease.worker)
    return True


def _may_try_again(row: DBTaskResult[..., Any]) -> bool:
    return len(row.worker_ids) < _tries.get(row.task_path, DEFAULT_TRIES)


def _put_back(row: DBTaskResult[..., Any]) -> None:
    row.status = TaskResultStatus.READY
    row.run_after = now() + pause_after(len(row.worker_ids))
    row.save(update_fields=["status", "run_after"])


@contextmanager
def _heartbeat(claimed: Claimed, lease_s: float) -> Iterator[None]:
    """Renew the lease from a thread of its own while the job runs."""
    done = threading.Event()

    def renew() -> None:
        until = now() + dt.timedelta(seconds=lease_s)
        JobLease.objects.filter(task_id=claimed.id, worker=claimed.worker).update(until=until)

    def beat() -> None:
        while not done.wait(lease_s / 3):
            attempt("heartbeat", renew, id=str(claimed.id))
        connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
