"""A book as .xlsx and back: a template that says its rules, offers its choices and keeps codes as text.

Cells are written as text: what begins with «=» stays what somebody typed and is never computed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from chengyun.core.errors import UserError
from chengyun.core.tables.archives import UNREADABLE
from chengyun.people.registers.book import Book, Cells, Fault, Heading, Sheet, Standing

MOST_BYTES = 5 * 1024 * 1024
# An archive may say little and mean much.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
# So many rows under the head offer the drop-down.
ROWS_READY = 5_000
GUIDE, OPTIONS = "填写说明", "选项"


# --- out --------------------------------------------------------------------------------------------------------------


def written(book: Book, standing: Standing) -> bytes:
    stream = io.BytesIO()
    with override("zh-hans"), xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as file:
        formats = _Formats.of(file)
        _guide(file.add_worksheet(GUIDE), book, formats)
        sheets = [file.add_worksheet(sheet.title) for sheet in book.sheets]
        options = _Options(file.add_worksheet(OPTIONS))
        for sheet, page in zip(book.sheets, sheets, strict=True):
            _page(page, sheet, list(standing.get(sheet.title, {}).values()), options, formats)
        options.page.hide()
        sheets[0].activate()
    return stream.getvalue()


@dataclass(frozen=True)
class _Formats:
    head: Any
    told: Any
    text: Any
    wrap: Any

    @classmethod
    def of(cls, file: Any) -> _Formats:
        return cls(
            head=file.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "num_format": "@"}),
            told=file.add_format({"font_color": "#6B7785", "num_format": "@"}),
            text=file.add_format({"num_format": "@"}),
            wrap=file.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        )


class _Options:
    """The hidden sheet that long drop-downs read from: a list inside a cell's rule holds 255 characters."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.column = 0

    def source(self, options: Sequence[str]) -> str:
        column, self.column = self.column, self.column + 1
        for number, option in enumerate(options):
            self.page.write_string(number, column, option)
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return f"='{OPTIONS}'!${letter}$1:${letter}${len(options)}"


def _guide(page: Any, book: Book, formats: _Formats) -> None:
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 16)
    page.set_column(2, 2, 8)
    page.set_column(3, 3, 90)
    line = 0
    for note in book.notes:
        page.write_string(line, 0, str(note), formats.text)
        line += 1
    line += 1
    for number, title in enumerate(("工作表", "列", "必填", "填写规则")):
        page.write_string(line, number, title, formats.head)
    for sheet in book.sheets:
        for heading in sheet.headings:
            line += 1
            cells = (sheet.title, heading.title, "必填" if heading.required else "", _rule(heading))
            for number, text in enumerate(cells):
                page.write_string(line, number, text, formats.wrap)


def _rule(heading: Heading) -> str:
    options = heading.options()
    shown = "、".join(options[:12]) + ("……" if len(options) > 12 else "")
    parts = [
        str(heading.rule),
        f"可填：{shown}" if options else "",
        "只供查看，导入时不看这一列" if heading.told_only else "",
    ]
    return "；".join(part for part in parts if part)


def _page(page: Any, sheet: Sheet, rows: Sequence[Cells], options: _Options, formats: _Formats) -> None:
    page.freeze_panes(1, 0)
    for number, heading in enumerate(sheet.headings):
        page.set_column(number, number, heading.width, formats.told if heading.told_only else formats.text)
        page.write_string(0, number, heading.title, formats.head)
        if rule := _validation(heading, options):
            page.data_validation(1, number, max(ROWS_READY, len(rows) + 500), number, rule)
    for line, cells in enumerate(rows, 1):
        for number, heading in enumerate(sheet.headings):
            page.write_string(line, number, cells.get(heading.title, ""))


def _validation(heading: Heading, options: _Options) -> dict[str, Any] | None:
    choices = heading.options()
    prompt = {"input_title": heading.title[:32], "input_message": str(heading.rule)[:255]} if heading.rule else {}
    if choices:
        inline = len(",".join(choices)) < 200 and not any("," in each for each in choices)
        source = choices if inline else options.source(choices)
        fault = {"error_title": "请从列表中选", "error_message": f"“{heading.title}”只能填列表里的内容。"}
        return {"validate": "list", "source": source, "ignore_blank": True, **fault, **prompt}
    return {"validate": "any", **prompt} if prompt else None


# --- in ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line of a sheet: its number as the spreadsheet program shows it, its cells as text by heading."""

    number: int
    cells: Cells

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")


def tables(book: Book, content: bytes, faults: list[Fault]) -> dict[str, list[Row]]:
    """The rows of the book's sheets; a missing or unknown heading is a fault, so that no column is lost silently."""
    found: dict[str, list[Row]] = {}
    file = opened(content)
    try:
        for sheet in book.sheets:
            if sheet.title in file.sheetnames:
                found[sheet.title] = list(_rows(sheet, _lines(file[sheet.title]), faults))
        if not found:
            names = "、".join(f"“{sheet.title}”" for sheet in book.sheets)
            message = _("文件里没有工作表 %(names)s，请用导出的文件填写。") % {"names": names}
            faults.append(Fault(book.sheets[0].title, 0, "", message))
    finally:
        file.close()
    return found


def opened(content: bytes) -> Any:
    """The workbook, or a UserError: too large, not one, or an archive that unpacks beyond reason."""
    if len(content) > MOST_BYTES:
        raise UserError(_("文件超过 5 MB，请分成几份。"), field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
                raise UserError(_("文件展开后太大，请分成几份。"), field="file")
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except UNREADABLE:
        raise UserError(_("文件不是有效的 Excel 工作簿（.xlsx），请另存后再上传。"), field="file") from None


def _lines(page: Any) -> list[list[str]]:
    try:
        return [[text(cell) for cell in cells] for cells in islice(page.iter_rows(values_only=True), MOST_ROWS + 2)]
    except UNREADABLE:
        raise UserError(_("文件不是有效的 Excel 工作簿（.xlsx），请另存后再上传。"), field="file") from None


def _rows(sheet: Sheet, lines: Sequence[Sequence[str]], faults: list[Fault]) -> Iterator[Row]:
    heads = list(lines[0]) if lines else []
    known = [heading.title for heading in sheet.headings]
    missing = [each.title for each in sheet.headings if each.required and each.title not in heads]
    unknown = [head for head in heads if head and head not in known]
    if missing:
        faults.append(Fault(sheet.title, 1, "、".join(missing), _("缺少这些列，请用导出的文件填写。")))
    if unknown:
        faults.append(Fault(sheet.title, 1, "、".join(unknown), _("没有这样的列，请改正列名，或删去这一列。")))
    if len(lines) > MOST_ROWS + 1:
        faults.append(Fault(sheet.title, MOST_ROWS, "", _("行数超过 %(most)d，请分开导入。") % {"most": MOST_ROWS}))
    if missing or unknown or len(lines) > MOST_ROWS + 1:
        return
    for number, cells in enumerate(lines[1:], 2):
        if any(cells):
            yield Row(number, {head: cell for head, cell in zip(heads, cells, strict=False) if head})


def text(cell: Any) -> str:
    """A cell as people read it: whole numbers without a point, days and times in our way."""
    if cell is None:
        return ""
    if hasattr(cell, "hour"):
        return _moment(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _moment(cell: Any) -> str:
    if not hasattr(cell, "year"):
        return f"{cell:%H:%M}"
    return f"{cell:%Y-%m-%d}" if (cell.hour, cell.minute) == (0, 0) else f"{cell:%Y-%m-%d %H:%M}"
