"""What a file of rows is read into: records of cells, records with a fault, or one `FileFault`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

Cell = str | int | float | bool | dt.datetime | dt.date | None

MAX_CELLS = 1_000
EPOCH_1900 = dt.datetime(1899, 12, 30)


def text_of(cell: Cell) -> str:
    """The cell as a person reads it: whole numbers without a fraction, no blanks around."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


class FileFault(UserError):
    """The file as a whole cannot be read; nothing of it was imported."""


@dataclass(frozen=True)
class Record:
    """One row of the file; `number` counts as a spreadsheet does, from 1 with the header."""

    number: int
    cells: list[Cell] = field(default_factory=list)
    fault: str = ""
    # Behind this record the file cannot be read.
    is_end: bool = False


@dataclass(frozen=True)
class Opened:
    kind: str  # xlsx or csv
    encoding: str
    epoch: dt.datetime
    records: Iterator[Record]


def checked(record: Record) -> Record:
    """The record, or that it is too wide to be one."""
    if len(record.cells) > MAX_CELLS:
        return Record(record.number, fault=_("这一行超过 %d 列") % MAX_CELLS)
    return record
