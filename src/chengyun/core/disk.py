"""How full the disks under data and database are, and what is refused then: better a clear no than half a write."""

from __future__ import annotations

import enum
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

# A file needs one; SQLite's log, a session's file and an upload's folders need some.
INODES_WARN = 10_000
INODES_NO_UPLOADS = 1_000
INODES_NO_WRITES = 100


class Level(enum.IntEnum):
    OK = 0
    LOW = 1
    NO_UPLOADS = 2  # nor imports
    NO_WRITES = 3


@dataclass(frozen=True)
class State:
    """The fullest of our disks. `inodes` is None where the file system has no fixed number of them."""

    level: Level
    folder: Path
    free: int
    inodes: int | None


class DiskFull(UserError):
    status = 507


def state() -> State:
    """Asked anew each time: two calls of statvfs take some ten microseconds."""
    return max((_state_of(folder) for folder in folders()), key=lambda found: found.level)


def folders() -> list[Path]:
    """Of data, and of the database where that is a file of ours."""
    data, database = Path(settings.DATA_DIR), settings.DATABASES["default"]
    places = [data]
    if database["ENGINE"].endswith("sqlite"):
        places.append(Path(database["NAME"]).absolute().parent)
    return [next(folder for folder in (place, *place.parents) if folder.exists()) for place in places]


def refuse_when_low(size: int = 0) -> None:
    """Before an upload or import of so many bytes is begun. Raises DiskFull."""
    found = state()
    if found.level >= Level.NO_UPLOADS or found.free - size < settings.DISK_NO_UPLOADS_BYTES:
        raise full()


def full() -> DiskFull:
    return DiskFull(_("服务器磁盘空间不足，文件没有保存，请联系系统管理员。"), field="files", code="disk_full")


def _state_of(folder: Path) -> State:
    found = os.statvfs(folder)
    free = found.f_bavail * found.f_frsize
    inodes = found.f_favail if found.f_files else None
    return State(max(_level_of_bytes(free), _level_of_inodes(inodes)), folder, free, inodes)


def _level_of_bytes(free: int) -> Level:
    if free < settings.DISK_NO_WRITES_BYTES:
        return Level.NO_WRITES
    if free < settings.DISK_NO_UPLOADS_BYTES:
        return Level.NO_UPLOADS
    return Level.LOW if free < settings.DISK_WARN_BYTES else Level.OK


def _level_of_inodes(left: int | None) -> Level:
    if left is None or left >= INODES_WARN:
        return Level.OK
    if left < INODES_NO_WRITES:
        return Level.NO_WRITES
    return Level.NO_UPLOADS if left < INODES_NO_UPLOADS else Level.LOW
