"""Timed work: the fact files follow what happens."""

from __future__ import annotations

import time

from chengyun.core.jobs import every
from chengyun.insight import extra

LONGEST_S = 300


@every(seconds=60, lease_s=2 * LONGEST_S)
def write_facts() -> None:
    """Until little is left to write: what waits for the next minute is read with every question."""
    if extra.is_installed():
        from chengyun.insight.facts import feed

        until = time.monotonic() + LONGEST_S
        while feed.advance() and time.monotonic() < until:
            pass
