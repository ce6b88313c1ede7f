from __future__ import annotations

from chengyun.core import jobs
from chengyun.regions.services.terms import switch_when_due


@jobs.every(seconds=60)
def switch_regions() -> None:
    """A region version that was given a day counts from that day's first minutes on."""
    switch_when_due()
