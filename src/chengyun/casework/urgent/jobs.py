from __future__ import annotations

from chengyun.casework.urgent.services import escalate_due
from chengyun.core.jobs import every


@every(seconds=10)
def call_next() -> None:
    """Whoever did not answer in time is followed by the next of the phone list."""
    escalate_due()
