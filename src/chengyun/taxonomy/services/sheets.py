"""Read sheets of an uploaded workbook as rows of text by heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook

from chengyun.core.errors import UserError
from chengyun.core.tables.archives import UNREADABLE, measured
from chengyun.taxonomy.services.faults import Fault

MOST_ROWS = 20_000


@dataclass(frozen=True)
class Row:
    sheet: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")

    def fault(self, message: str, column: str = "") -> Fault:
        return Fault(self.sheet, self.number, message, column)


def open_workbook(file: IO[bytes]) -> Workbook:
    try:
        return load_workbook(measured(file), read_only=True, data_only=True)
    except UNREADABLE:
        raise _not_a_workbook() from None


def rows_of(workbook: Workbook, title: str, headings: Sequence[str], faults: list[Fault]) -> Iterator[Row]:
    """Rows that hold anything, by heading; a missing sheet or heading is a fault."""
    if title not in workbook.sheetnames:
        faults.append(Fault(title, 0, _("缺少该工作表。")))
        return
    [found, *rows] = _all_rows(workbook, title) or [[]]
    missing = [heading for heading in headings if heading not in found]
    if missing:
        faults.append(Fault(title, 1, _("缺少列：%(names)s。") % {"names": "、".join(missing)}))
    elif len(rows) > MOST_ROWS:
        faults.append(Fault(title, MOST_ROWS, _("行数超过%(most)d，请分开导入。") % {"most": MOST_ROWS}))
    else:
        for number, texts in enumerate(rows, 2):
            if any(texts):
                yield Row(title, number, dict(zip(found, texts, strict=False)))


def _all_rows(workbook: Workbook, title: str) -> list[list[str]]:
    rows = workbook[title].iter_rows(values_only=True)
    try:
        return [[_text(cell) for cell in cells] for cells in islice(rows, MOST_ROWS + 2)]
    except UNREADABLE:
        raise _not_a_workbook() from None


def _not_a_workbook() -> UserError:
    return UserError(_("文件不是有效的Excel工作簿（.xlsx），请另存后再导入。"), field="file")


def _text(cell: Any) -> str:
    """Excel hands whole numbers over as floats at times."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
