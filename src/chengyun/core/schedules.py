"""Timed work: `@every(seconds=60)` on a function without arguments in a module's `jobs.py`.

Any number of workers may run; whoever succeeds with the conditional UPDATE takes the turn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from traceback import format_exception

from chengyun.core.attempts import attempt
from chengyun.core.instants import now
from chengyun.core.models import Schedule

Work = Callable[[], object]


@dataclass(frozen=True)
class Timed:
    name: str
    work: Work
    seconds: float
    lease_s: float


_timed: dict[str, Timed] = {}


def every(*, seconds: float, lease_s: float | None = None) -> Callable[[Work], Work]:
    """Run about every `seconds`. A run is believed alive for `lease_s`; then another worker may take it over."""

    def register(work: Work) -> Work:
        name = f"{work.__module__}.{work.__qualname__}"
        _timed[name] = Timed(name, work, seconds, lease_s or max(seconds, 60))
        return work

    return register


def run_due() -> int:
    """Run what is due; returns how many runs this worker took."""
    due = Schedule.objects.in_bulk(list(_timed))
    moment, taken = now(), 0
    for timed in _timed.values():
        row = due.get(timed.name) or Schedule.objects.get_or_create(name=timed.name, defaults={"due_at": moment})[0]
        if _is_due(timed, row.due_at, moment) and _take(timed, row.due_at):
            _run(timed)
            taken += 1
    return taken


def _is_due(timed: Timed, due_at: dt.datetime, moment: dt.datetime) -> bool:
    """Also where it lies further ahead than it can have been set: then the clock was set back meanwhile."""
    return due_at <= moment or due_at > moment + dt.timedelta(seconds=2 * max(timed.seconds, timed.lease_s))


def _take(timed: Timed, seen: dt.datetime) -> bool:
    started = now()
    lease = started + dt.timedelta(seconds=timed.lease_s)
    rows = Schedule.objects.filter(name=timed.name, due_at=seen)
    return rows.update(due_at=lease, started_at=started) == 1


def _run(timed: Timed) -> None:
    started = now()
    error = attempt("schedule", timed.work, name=timed.name).error
    Schedule.objects.filter(name=timed.name).update(
        due_at=started + dt.timedelta(seconds=timed.seconds),
        finished_at=now(),
        error="".join(format_exception(error))[-4000:] if error else "",
    )
