from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from chengyun.casework.handover.notes import ShiftNote
from chengyun.config.startup import disk_faults


def disk_note(start: dt.datetime, end: dt.datetime) -> list[str]:
    """As the disk is now: a handover tells what the next shift will find."""
    return disk_faults(Path(settings.DATA_DIR))


DECLARATIONS: list[object] = [ShiftNote(disk_note, order=10)]
