"""The file beside the input that names what was not imported, and why."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

SUFFIX = ".bad-rows.csv"


@dataclass(frozen=True)
class Fault:
    column: str
    reason: str


@dataclass(frozen=True)
class BadRow:
    number: int
    faults: tuple[Fault, ...]
    # Behind this row the file cannot be read.
    is_end: bool = False


def imports_folder() -> Path:
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class BadRowFile:
    """Made with the first bad row. One line per fault: row, column, reason; no cell of the row itself."""

    def __init__(self, beside: Path) -> None:
        self.path = beside.with_name(beside.name + SUFFIX)
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> BadRowFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            self._file.close()
        elif kind is None:
            self._forget_an_earlier_run()

    @property
    def is_written(self) -> bool:
        return self._file is not None

    def add(self, row: BadRow) -> None:
        if self._file is None:
            self._open()
        self._writer.writerows([row.number, _harmless(fault.column), _harmless(fault.reason)] for fault in row.faults)

    def _open(self) -> None:
        try:
            self._file = self._opened()
        except OSError:
            self.path = imports_folder() / self.path.name
            self._file = self._opened()
        self._writer = csv.writer(self._file)
        self._writer.writerow([_("行号"), _("列"), _("原因")])

    def _opened(self) -> IO[str]:
        # With a byte order mark, or spreadsheets take the file for GBK.
        return self.path.open("w", encoding="utf-8-sig", errors="replace", newline="")

    def _forget_an_earlier_run(self) -> None:
        """What an earlier run of the same file complained about is mended now."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return


def _harmless(cell: str) -> str:
    """A spreadsheet must not run a column's name as a formula."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
