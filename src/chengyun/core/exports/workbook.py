"""Rows → .xlsx, written row by row: memory stays the same however long the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.exports.columns import Cell, Export
from chengyun.core.instants import SHANGHAI

# A sheet has 1,048,576 lines; what is longer nobody reads.
MOST_ROWS = 500_000
MOST_CHARACTERS = 32_767
BATCH = 500
# What a spreadsheet takes for a formula when the text is typed, pasted or saved as CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FORMATS = {
    "head": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1},
    "text": {},
    "quoted": {"quote_prefix": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}


def write_workbook(target: str | IO[bytes], export: Export, rows: QuerySet[Any]) -> int:
    """Write all rows; returns how many. Raises UserError above MOST_ROWS."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = _Sheet(book, export)
        for row in _prepared(export, rows):
            sheet.add([column.value(row) for column in export.columns])
        sheet.finish()
    return sheet.count


def _prepared(export: Export, rows: QuerySet[Any]) -> Iterator[Any]:
    found = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield from export.prepared(batch)


class _Sheet:
    def __init__(self, book: Any, export: Export) -> None:
        self.sheet = book.add_worksheet(str(export.title)[:31])
        self.formats = {name: book.add_format(each) for name, each in FORMATS.items()}
        self.width = len(export.columns)
        self.count = 0
        self.sheet.freeze_panes(1, 0)
        for index, column in enumerate(export.columns):
            self.sheet.set_column(index, index, column.width)
            self.sheet.write_string(0, index, str(column.title), self.formats["head"])

    def add(self, cells: Iterable[Cell]) -> None:
        self.count += 1
        if self.count > MOST_ROWS:
            raise UserError(_("超过 %d 行，不能导出为一个文件；请缩小条件后再导出") % MOST_ROWS)
        for index, cell in enumerate(cells):
            self._write(index, cell)

    def _write(self, index: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self._text(index, _("是") if cell else _("否"))
        elif isinstance(cell, int | float | Decimal):
            self.sheet.write_number(self.count, index, cell)
        elif isinstance(cell, dt.datetime):
            local = cell.astimezone(SHANGHAI).replace(tzinfo=None, second=0, microsecond=0)
            self.sheet.write_datetime(self.count, index, local, self.formats["moment"])
        elif isinstance(cell, dt.date):
            self.sheet.write_datetime(self.count, index, cell, self.formats["date"])
        else:
            self._text(index, cell)

    def _text(self, index: int, text: str | Promise) -> None:
        said = str(text)[:MOST_CHARACTERS]
        style = self.formats["quoted" if said.startswith(FORMULA_STARTS) else "text"]
        self.sheet.write_string(self.count, index, said, style)

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, self.count, max(self.width - 1, 0))
