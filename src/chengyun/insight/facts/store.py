"""The fact files: one Parquet file per table and month, and a manifest that says which of them count.

    facts/manifest.json                    swapped by rename, last
    facts/cases/2026-03-<digest>.parquet   named by content; never changed, removed when no manifest names it

A process killed at any point leaves files that no manifest names; the next change removes them. A file that is gone or
not what its name says makes the whole count for nothing. Other engines read the files as well: docs/insight.md.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.events import Cursor
from chengyun.insight.facts import arrow, schema
from chengyun.insight.facts.arrow import Facts

MANIFEST = "manifest.json"
# Somebody may still read by the manifest before; nobody reads for so long.
KEEP_S = 900
# Files of which is remembered that they are whole.
MOST_SEEN = 10_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Manifest:
    """What counts: everything up to `cursor`, month by month the file of each table, below the facts' folder.

    `mark` tells the event at the cursor from another that has its number.
    """

    cursor: Cursor
    months: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mark: str = ""
    format: int = schema.FORMAT

    def files(self, table: str) -> list[str]:
        return [names[table] for _month, names in sorted(self.months.items())]

    @property
    def named(self) -> set[str]:
        return {name for names in self.months.values() for name in names.values()}

    def with_months(self, cursor: Cursor, mark: str, changed: Mapping[str, Mapping[str, str]]) -> Manifest:
        return Manifest(cursor, {**self.months, **changed}, mark)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "facts"


def manifest() -> Manifest | None:
    """None where nothing was written yet, by another release's columns, or no manifest at all."""
    try:
        told = json.loads((folder() / MANIFEST).read_text(encoding="utf-8"))
        if told["format"] != schema.FORMAT:
            return None
        months = {
            month: {table: str(names[table]) for table in schema.TABLES} for month, names in told["months"].items()
        }
        return Manifest(Cursor.parse(told["cursor"]), months, str(told["mark"]))
    except (FileNotFoundError, ValueError, TypeError, LookupError, AttributeError):
        return None


def are_whole(known: Manifest) -> bool:
    """Whether every file is there and holds what its name says. Each is read once by a process, until it changes."""
    broken = sorted(name for name in known.named if not _is_whole(name))
    if broken:
        log.error("fact files are broken", files=broken[:10], count=len(broken))
    return not broken


# What was found whole, by size and time of change.
_whole: dict[Path, tuple[int, int]] = {}


def _is_whole(name: str) -> bool:
    path = folder() / name
    try:
        found = path.stat()
        seen = (found.st_size, found.st_mtime_ns)
        if _whole.get(path) == seen:
            return True
        if _digest(path.read_bytes()) != path.stem.rpartition("-")[2]:
            return False
    except OSError:
        return False
    if len(_whole) > MOST_SEEN:
        _whole.clear()
    _whole[path] = seen
    return True


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def stamp() -> tuple[int, int]:
    """Differs after every swap; costs one stat."""
    try:
        found = (folder() / MANIFEST).stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def write_month(month: str, facts: Facts) -> dict[str, str]:
    """The month's files, durable; returns their names by table."""
    return {table: _write(table, month, rows) for table, rows in facts.items()}


def read_month(names: Mapping[str, str]) -> Facts:
    return {table: pq.read_table(folder() / name, schema=arrow.SCHEMAS[table]) for table, name in names.items()}


def _write(table: str, month: str, rows: pa.Table) -> str:
    content = io.BytesIO()
    pq.write_table(arrow.ordered(table, rows), content, compression="zstd", row_group_size=100_000)
    name = f"{table}/{month}-{_digest(content.getvalue())}.parquet"
    path = folder() / name
    if not _is_whole(name):
        path.parent.mkdir(parents=True, exist_ok=True)
        _durably(path, content.getvalue())
    return name


def _durably(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def swap(manifest: Manifest, before: Manifest | None = None) -> None:
    """From now on this counts instead of `before`; what no manifest names any more is removed after a while."""
    folder().mkdir(parents=True, exist_ok=True)
    for name in before.named - manifest.named if before else ():
        with suppress(FileNotFoundError):
            os.utime(folder() / name)  # from now on the while counts
    told = {"format": manifest.format, "cursor": str(manifest.cursor), "mark": manifest.mark, "months": manifest.months}
    _durably(folder() / MANIFEST, json.dumps(told, indent=1, sort_keys=True).encode())
    _remove_leftovers(manifest)


def forget() -> None:
    """The files count no more: what they told of is gone."""
    (folder() / MANIFEST).unlink(missing_ok=True)


def _remove_leftovers(manifest: Manifest) -> None:
    named, long_ago = manifest.named, time.time() - KEEP_S
    for path in folder().glob("*/*"):
        if str(path.relative_to(folder())) not in named and path.stat().st_mtime < long_ago:
            path.unlink(missing_ok=True)


@contextmanager
def alone() -> Iterator[bool]:
    """One writer at a time; False for whoever finds another at it."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        lock = (folder() / ".lock").open("w")
    except OSError as fault:
        told = {"place": folder(), "fault": fault.strerror}
        raise UserError(_("统计文件目录 %(place)s 不能写入（%(fault)s）；请检查目录权限和磁盘空间。") % told) from fault
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
