"""What is true of the whole installation, asked of the database at most every few seconds per process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.db.models import Count, Q, Value, When
from prometheus_client.core import GaugeMetricFamily, Metric

from chengyun.casework.cases.models import Case
from chengyun.core import disk
from chengyun.core.instants import now
from chengyun.core.models import HandlerFailure, Schedule, Seal
from chengyun.operations import backups, clock, work

KEPT_S = 15
CASES_KEPT_S = 60
Labels = dict[str, float]


@dataclass(frozen=True)
class Fact:
    name: str
    says: str
    label: str  # blank: one number
    values: Labels


def metrics() -> Iterator[Metric]:
    for fact in cache.get_or_set("operations.facts", gathered, KEPT_S) or []:
        family = GaugeMetricFamily(f"chengyun_{fact.name}", fact.says, labels=[fact.label] if fact.label else [])
        for label, value in fact.values.items():
            family.add_metric([label] if fact.label else [], value)
        yield family


def gathered() -> list[Fact]:
    return [*_work(), *_machine(), *_cases()]


def _work() -> Iterator[Fact]:
    lags = work.lags()
    yield Fact("outbox_waiting_events", "Events not yet delivered", "handler", {x.handler: x.waiting for x in lags})
    yield Fact("outbox_lag_seconds", "Age of the oldest of them", "handler", {x.handler: x.seconds for x in lags})
    yield Fact("jobs", "Background jobs", "status", dict(work.jobs()))
    yield _one("expired_leases", "Leases of vanished workers", work.expired_leases())
    yield _one("failed_events", "Events that a handler left behind", HandlerFailure.objects.count())
    failing = Schedule.objects.exclude(error="").count()
    yield _one("failing_schedules", "Timed work whose last run failed", failing)
    silence = work.silence()
    if silence is not None:
        yield _one("worker_silence_seconds", "Since a worker was last heard of", silence)


def _machine() -> Iterator[Fact]:
    found = disk.state()
    yield _one("disk_free_bytes", "On the fullest of our disks", found.free)
    yield _one("disk_level", "0 fine, 1 low, 2 no uploads, 3 no writes", int(found.level))
    yield _one("clock_jumps", "Moves of the wall clock seen by this process", clock.watch.jumps)
    yield _one("clock_behind_seconds", "How far the newest row is ahead of now", clock.ahead_of_us())
    newest = backups.newest(settings.BACKUP_DIR)
    if newest is not None:
        age = now() - backups.moment_of(newest)
        yield _one("backup_age_seconds", "Of the newest complete backup", age.total_seconds())
    sealed = Seal.objects.order_by("-number").values_list("at_text", flat=True).first()
    if sealed:
        yield _one("seal_age_seconds", "Of the newest seal", (now() - instant(sealed)).total_seconds())


def _cases() -> list[Fact]:
    found: list[Fact] | None = cache.get_or_set("operations.cases", _counted_cases, CASES_KEPT_S)
    return found or []


def _counted_cases() -> list[Fact]:
    """Of open cases only: the number of all is not asked of a table of a million."""
    open_cases = Case.objects.filter(ended_at__isnull=True).order_by()
    stages = dict(open_cases.values_list("stage").annotate(count=Count("id")))
    lamps = dict(open_cases.annotate(shown=_lamp()).values_list("shown").annotate(count=Count("id")))
    return [
        Fact("open_cases", "Cases that have not ended", "stage", stages),
        Fact("open_cases_by_lamp", "Their lamps", "lamp", lamps),
    ]


def _lamp() -> models.Case:
    moment = now()
    return models.Case(
        When(Q(is_paused=True) | Q(due_at=None), then=Value("grey")),
        When(due_at__lt=moment, then=Value("red")),
        When(yellow_at__lte=moment, then=Value("yellow")),
        default=Value("green"),
        output_field=models.CharField(),
    )


def _one(name: str, says: str, value: float) -> Fact:
    return Fact(name, says, "", {"": value})


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
