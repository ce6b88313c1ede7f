from __future__ import annotations

from chengyun.casework.campaigns.services import working
from chengyun.core.jobs import every


@every(seconds=3600)
def remind() -> None:
    """Told once per task and deadline, however often this runs."""
    working.remind()
