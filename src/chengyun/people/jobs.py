from __future__ import annotations

from chengyun.core.jobs import every
from chengyun.people.registers.uploads import forget_unapplied


@every(seconds=3600)
def forget_unapplied_uploads() -> None:
    """What was uploaded into a register and never applied goes after a day."""
    forget_unapplied()
