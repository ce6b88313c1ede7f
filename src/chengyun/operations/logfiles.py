"""Log files: one a day for all processes together, compressed the day after, kept for at least half a year.

No process renames a file that another has open: each writes to the file that bears today's date, appending whole
lines with one call, which the kernel does not mix.
"""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from chengyun.core.instants import today

PREFIX = "chengyun-"
PLAIN = ".log"
COMPRESSED = ".log.gz"


class DailyFile(logging.Handler):
    """A log that cannot be written is told once on standard error by logging's own rules, and holds up nobody."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory
        self._day: dt.date | None = None
        self._handle = -1

    def emit(self, record: logging.LogRecord) -> None:
        try:
            os.write(self._open(), (self.format(record).replace("\n", "\\n") + "\n").encode("utf-8", "replace"))
        except Exception:  # logging's contract: the caller's work goes on
            self.handleError(record)

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1
        self._day = None
        super().close()

    def _open(self) -> int:
        day = today()
        if day != self._day:
            if self._handle >= 0:
                os.close(self._handle)
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = self.directory / f"{PREFIX}{day}{PLAIN}"
            self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            self._day = day
        return self._handle


def keep(directory: Path, days: int) -> None:
    """Compress what no process writes to any more, and drop what is older than `days`."""
    # A process that has had nothing to say since yesterday may still hold yesterday's file.
    settled, oldest = today() - dt.timedelta(days=1), today() - dt.timedelta(days=days)
    for file, day in files(directory):
        if day < oldest:
            file.unlink(missing_ok=True)
        elif day < settled and file.name.endswith(PLAIN):
            compress(file)


def files(directory: Path) -> Iterator[tuple[Path, dt.date]]:
    for file in sorted(directory.glob(f"{PREFIX}*")):
        text = file.name.removeprefix(PREFIX).removesuffix(".gz").removesuffix(PLAIN)
        try:
            yield file, dt.date.fromisoformat(text)
        except ValueError:
            continue


def compress(file: Path) -> None:
    """The plain file goes when the compressed one is whole."""
    draft = file.with_name(file.name + ".gz.part")
    with file.open("rb") as lines, draft.open("wb") as out:
        with gzip.GzipFile(fileobj=out, mode="wb") as packed:
            shutil.copyfileobj(lines, packed)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file.with_name(file.name + ".gz"))
    file.unlink()
