from __future__ import annotations

from chengyun.core.jobs import every
from chengyun.people.signin import log


@every(seconds=24 * 3600)
def forget_old_signins() -> None:
    log.forget_old()
