"""The folder of backups: which are complete, which were begun, which are old."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from chengyun.operations.backups.manifest import NAME, BackupFault

PREFIX = "chengyun-"
STAMP = "%Y%m%dT%H%M%SZ"
PART = ".part"
GONE = ".gone"


def complete(place: Path) -> list[Path]:
    """Oldest first."""
    if not place.is_dir():
        return []
    return sorted(each for each in place.glob(f"{PREFIX}*Z") if (each / NAME).is_file())


def begun(place: Path) -> list[Path]:
    """What a killed backup has left; its files are used by the next."""
    return sorted(place.glob(f"{PREFIX}*{PART}"))


def newest(place: Path) -> Path | None:
    return next(reversed(complete(place)), None)


def moment_of(backup: Path) -> dt.datetime:
    return dt.datetime.strptime(backup.name.removeprefix(PREFIX), STAMP).replace(tzinfo=dt.UTC)


def name_at(moment: dt.datetime) -> str:
    return f"{PREFIX}{moment.astimezone(dt.UTC).strftime(STAMP)}"


def drop_old(place: Path, keep: int) -> list[Path]:
    """All but the newest `keep`; each is renamed first, so that none is ever half there under its name."""
    dropped = complete(place)[:-keep]
    for backup in dropped:
        backup.replace(backup.with_name(backup.name + GONE))
    for gone in place.glob(f"{PREFIX}*{GONE}"):
        shutil.rmtree(gone)
    return dropped


@contextmanager
def alone(data: Path, place: Path) -> Iterator[None]:
    """One backup of an installation at a time; the lock goes with the process that held it."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(data / "backup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise BackupFault(_("另一个备份正在进行，请等它结束。")) from error
    try:
        yield
    finally:
        os.close(handle)
