from __future__ import annotations

from chengyun.casework.worktop import bulk, drafts
from chengyun.core.jobs import every


@every(seconds=3600)
def forget_old_drafts() -> None:
    drafts.forget_old()
    bulk.forget_old()
