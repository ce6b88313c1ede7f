"""The machine's clock: a jump of it spoils deadlines and the order of history, so it is noticed and told."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

import structlog
from django.db import connection

from chengyun.core.instants import now
from chengyun.core.models import Event

log = structlog.get_logger(__name__)

JUMP_S = 30.0
# Rows carry the clock of the process that wrote them; a few seconds are network and rounding.
SKEW_S = 30.0


def since_start() -> float:
    """Wall clock minus a clock that nobody sets: it only changes when the wall clock is moved."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass
class Watch:
    """Remembers how the two clocks stood and says by how many seconds the wall clock has been moved since."""

    stood: float = field(default_factory=since_start)
    jumps: int = 0

    def look(self) -> float:
        moved = since_start() - self.stood
        if abs(moved) < JUMP_S:
            return 0.0
        self.stood += moved
        self.jumps += 1
        log.error("the clock was moved", seconds=round(moved))
        return moved


watch = Watch()


def ahead_of_us() -> float:
    """By how many seconds the newest row is later than now: the clock was set back, or another machine's is ahead."""
    newest = Event.objects.order_by("-id").values_list("at", flat=True).first()
    return max(0.0, (newest - now()).total_seconds()) if newest else 0.0


def from_database() -> float:
    """How far our clock is from the database server's; 0 where the database has no clock of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: dt.datetime = cursor.fetchone()[0]
    return (dt.datetime.now(dt.UTC) - theirs).total_seconds()
