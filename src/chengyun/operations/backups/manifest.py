"""What a backup says of itself: what is in it, from when, and the hash of every file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

FORMAT = 1
NAME = "manifest.json"
BLOCK = 1024 * 1024


class BackupFault(Exception):
    """A backup that cannot be made or trusted; the words say what to do."""


@dataclass(frozen=True)
class Kept:
    """A file of the backup: path inside it, its size and SHA-256 as it lies there (encrypted where that was asked)."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`rows` counts the tables and `newest_event` is the outbox's end, both inside the database's own snapshot."""

    program: str
    vendor: str  # "sqlite" or "postgresql"
    started_at: str
    finished_at: str
    rows: dict[str, int]
    newest_event: list[int]  # [xid, id]; empty where nothing has happened yet
    migrations: list[list[str]]
    seal_keys: list[str]  # ids of the keys that signed, as in Seal.key_id
    files: list[Kept]
    missing: list[str] = field(default_factory=list)  # pictures that the database knew and the disk had not
    encryption: dict[str, Any] | None = None
    format: int = FORMAT

    @property
    def at(self) -> dt.datetime:
        """The moment of its contents: nothing later is promised to be in it."""
        return dt.datetime.fromisoformat(self.started_at)

    @property
    def size(self) -> int:
        return sum(each.size for each in self.files)

    def write(self, folder: Path) -> None:
        """With its own hash beside it, so that a cut manifest shows."""
        content = json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()
        durable(folder / NAME, content)
        durable(folder / f"{NAME}.sha256", hashlib.sha256(content).hexdigest().encode())


def read(folder: Path) -> Manifest:
    """Raises BackupFault where there is none, or it was cut or changed."""
    try:
        content = (folder / NAME).read_bytes()
        told = (folder / f"{NAME}.sha256").read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupFault(_("%(folder)s 不是完整的备份：缺少清单。") % {"folder": folder}) from error
    if hashlib.sha256(content).hexdigest() != told:
        raise BackupFault(_("%(folder)s 的清单已损坏或被改动，请换用另一份备份。") % {"folder": folder})
    values = json.loads(content)
    if values["format"] > FORMAT:
        raise BackupFault(_("这份备份由更新版本的程序制作，请先升级程序。"))
    values["files"] = [Kept(**each) for each in values["files"]]
    return Manifest(**values)


def faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Every file that is gone or not as it was stored."""
    for each in manifest.files:
        file = folder / each.path
        if not file.is_file():
            yield _("缺少文件 %(path)s") % {"path": each.path}
        elif digest(file) != each.sha256:
            yield _("文件 %(path)s 已损坏或被改动") % {"path": each.path}


def digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def kept(folder: Path, path: str) -> Kept:
    file = folder / path
    return Kept(path, file.stat().st_size, digest(file))


def durable(file: Path, content: bytes) -> None:
    """On the disk, readable by its owner only, when this returns."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
