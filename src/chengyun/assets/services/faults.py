"""Rows that an import refuses or remarks on: row, column, reason, in a CSV file beside the input."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from chengyun.assets.reading import columns


@dataclass
class FaultFile:
    """Written as it goes, made only when there is a first fault. Where the folder is closed, in the data directory."""

    source: Path
    refused: int = 0
    remarked: int = 0
    path: Path | None = None
    _out: IO[str] | None = field(default=None, repr=False)
    _csv: Any = field(default=None, repr=False)

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.refused += 1
        self._write(row, column, _("未导入"), reason)

    def remark(self, row: int, column: str, reason: str) -> None:
        self.remarked += 1
        self._write(row, column, _("提示"), reason)

    def _write(self, row: int, column: str, kind: str, reason: str) -> None:
        if self._out is None:
            self._open()
        self._csv.writerow([row, columns.title(column), kind, reason])

    def _open(self) -> None:
        name = f"{self.source.name}.bad-rows.csv"
        try:
            self.path = self.source.parent / name
            self._out = self.path.open("w", encoding="utf-8-sig", newline="")
        except OSError:
            self.path = Path(settings.DATA_DIR) / "imports" / name
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._out = self.path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._out)
        self._csv.writerow([_("行"), _("列"), _("处理"), _("原因")])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self._out is not None:
            self._out.close()
