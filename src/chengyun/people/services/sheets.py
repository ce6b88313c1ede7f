"""Tables as people send them: an Excel workbook, or a folder of CSV files named like its sheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.tables.archives import UNREADABLE


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet, by column title; `number` as the spreadsheet program shows it."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class RowFault:
    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = _("“%(sheet)s”第 %(row)s 行") % {"sheet": self.sheet, "row": self.row}
        return f"{place} {self.column}：{self.message}" if self.column else f"{place}：{self.message}"


Sheets = dict[str, list[Row]]


def read(path: Path, columns: Mapping[str, Sequence[str]]) -> Sheets:
    """The known sheets; a sheet lacking one of its `columns` is refused, an absent sheet is empty."""
    tables = _csv_tables(path, columns) if path.is_dir() else _workbook_tables(path, columns)
    sheets = {name: list(_rows(name, lines, columns[name])) for name, lines in tables.items()}
    if not sheets:
        names = "、".join(columns)
        raise UserError(_("没有找到名为 %(names)s 的工作表，请核对表名。") % {"names": names}, field="file")
    return {name: sheets.get(name, []) for name in columns}


def _workbook_tables(path: Path, names: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        with closing(book):
            return {name: list(book[name].iter_rows(values_only=True)) for name in names if name in book.sheetnames}
    except OSError as error:
        raise UserError(_("读不到文件 %(file)s。") % {"file": path}, field="file") from error
    except UNREADABLE as error:
        raise UserError(_("文件不是 Excel 工作簿（.xlsx），请另存后再导入。"), field="file") from error


def _csv_tables(folder: Path, names: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    files = {name: folder / f"{name}.csv" for name in names}
    return {name: [tuple(line) for line in _csv_lines(file)] for name, file in files.items() if file.exists()}


def _csv_lines(file: Path) -> Iterator[list[str]]:
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel in Chinese Windows saves CSV in GB18030.
        text = content.decode("gb18030", errors="replace")
    return csv.reader(io.StringIO(text, newline=""))


def _rows(sheet: str, lines: Sequence[Sequence[Any]], columns: Sequence[str]) -> Iterator[Row]:
    titles = [_text(cell) for cell in lines[0]] if lines else []
    missing = [column for column in columns if column not in titles]
    if missing:
        words = _("“%(sheet)s”缺少列：%(columns)s。")
        raise UserError(words % {"sheet": sheet, "columns": "、".join(missing)}, field="file")
    for number, line in enumerate(lines[1:], start=2):
        cells = {title: _text(cell) for title, cell in zip(titles, line, strict=False) if title}
        if any(cells.values()):
            yield Row(sheet, number, cells)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        # A code typed as a number.
        return str(int(cell))
    return str(cell).strip()
