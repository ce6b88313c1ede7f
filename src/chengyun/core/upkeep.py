"""Timed work of the ground floor itself."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from chengyun.core import history
from chengyun.core.instants import now
from chengyun.core.jobs import every, reclaim

KEEP_FINISHED_JOBS = dt.timedelta(days=30)
DAY_S = 24 * 3600


@every(seconds=60)
def seal_history() -> None:
    history.seal()


@every(seconds=DAY_S)
def seal_what_came_late() -> None:
    history.seal(everything=True)


@every(seconds=10)
def reclaim_jobs() -> None:
    reclaim()


@every(seconds=DAY_S)
def forget_old_jobs() -> None:
    finished = Q(finished_at__lt=now() - KEEP_FINISHED_JOBS)
    DBTaskResult.objects.finished().filter(finished).delete()
