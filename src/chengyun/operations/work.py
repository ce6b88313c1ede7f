"""How the worker and the outbox fare, in few statements: for doctor, readiness and metrics."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.module_loading import autodiscover_modules
from django_tasks_db.models import DBTaskResult

from chengyun.core import handlers
from chengyun.core.instants import now
from chengyun.core.models import Event, HandlerCursor, JobLease, Schedule

# Something is due every ten seconds; a worker silent for a minute and a half is dead or stuck.
SILENT_S = 90.0


@dataclass(frozen=True)
class Lag:
    handler: str
    waiting: int  # events of its kinds, counted up to COUNTED
    seconds: float  # age of the oldest of them
    tries: int


COUNTED = 10_000


def silence() -> float | None:
    """Seconds since a worker last finished timed work; None where none ever has."""
    last: dt.datetime | None = Schedule.objects.aggregate(last=Max("finished_at"))["last"]
    return (now() - last).total_seconds() if last else None


def lags() -> list[Lag]:
    """Of every handler that has something waiting."""
    autodiscover_modules("handlers")
    cursors = HandlerCursor.objects.in_bulk(handlers.names())
    return [lag for name, row in sorted(cursors.items()) if (lag := _lag(name, row)).waiting]


def _lag(name: str, row: HandlerCursor) -> Lag:
    behind = Q(xid__gt=row.xid) | Q(xid=row.xid, id__gt=row.event_id)
    waiting = Event.objects.filter(behind, kind__in=handlers.kinds_of(name)).order_by("xid", "id")
    first = waiting.values_list("at", flat=True).first()
    if first is None:
        return Lag(name, 0, 0.0, 0)
    count = waiting.values("id")[:COUNTED].count()
    return Lag(name, count, (now() - first).total_seconds(), row.tries)


def jobs() -> dict[str, int]:
    """Status → how many."""
    counted = DBTaskResult.objects.order_by().values_list("status").annotate(count=Count("id"))
    return {str(status): count for status, count in counted}


def expired_leases() -> int:
    """Leases that ended long ago and that nobody has taken back: no worker is there to do it."""
    return JobLease.objects.filter(until__lt=now() - dt.timedelta(seconds=SILENT_S)).count()
