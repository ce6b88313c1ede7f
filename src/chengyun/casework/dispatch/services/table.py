"""The duty list as a table (Excel or CSV): checked row by row, differences told first, all or nothing."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from chengyun.casework.dispatch.models import DutyRow
from chengyun.casework.dispatch.services.duties import Duty, end_duty, follow_duty, store_duty, told
from chengyun.casework.dispatch.services.lines import HEAD, Entry, Lookup, cells_of, parsed, register_on
from chengyun.casework.dispatch.services.state import announce
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.taxonomy.services.faults import Fault, refuse
from chengyun.taxonomy.services.sheets import MOST_ROWS, Row, open_workbook, rows_of

SHEET = "权责清单"
# The columns that `check_duty` speaks of.
COLUMNS = {"region_code": "区域代码", "weekdays": "星期", "co_departments": "协办部门", "legal_basis": "法律依据"}


@dataclass
class Table:
    duties: dict[Entry, Duty] = field(default_factory=dict)
    # Where each entry stands in the file.
    places: dict[Entry, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Changes:
    added: tuple[Duty, ...]
    changed: tuple[tuple[DutyRow, Duty], ...]
    retired: tuple[DutyRow, ...]

    def counts(self) -> Counter[str]:
        return +Counter(added=len(self.added), changed=len(self.changed), retired=len(self.retired))


def read_table(path: Path, day: dt.date) -> Table:
    """Parse and check; faults are in the table, nothing is written."""
    faults: list[Fault] = []
    rows = list(_rows(path, faults))
    table = read_rows(rows, day)
    table.faults[:0] = faults
    return table


def read_rows(rows: Iterable[Row], day: dt.date) -> Table:
    table = Table()
    register = register_on(day)
    for row in rows:
        _read_row(row, register, table)
    return table


def changes(table: Table, day: dt.date, *, whole: bool) -> Changes:
    """What importing would do from that day on; only a `whole` list retires what it does not name."""
    refuse(table.faults)
    standing = {_entry_of(row): row for row in standing_rows(day)}
    same = {entry for entry, duty in table.duties.items() if entry in standing and duty_of(standing[entry]) == duty}
    return Changes(
        added=tuple(duty for entry, duty in table.duties.items() if entry not in standing),
        changed=tuple(
            (standing[entry], duty) for entry, duty in table.duties.items() if entry in standing and entry not in same
        ),
        retired=tuple(row for entry, row in standing.items() if whole and entry not in table.duties),
    )


def import_table(table: Table, valid_from: dt.date, *, whole: bool = False, by: Doer = SYSTEM) -> Counter[str]:
    planned = changes(table, valid_from, whole=whole)
    with transaction.atomic():
        for row in planned.retired:
            end_duty(row, valid_from - dt.timedelta(days=1), by=by)
        for row, duty in planned.changed:
            follow_duty(row, duty, valid_from, by=by)
        new = [store_duty(duty, valid_from) for duty in planned.added]
        register.record_new(new, by=by, told=told)
        if planned.counts():
            announce("changed", "duties")
    return planned.counts()


def export_table(day: dt.date) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    sheet.append(HEAD)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    lookup = register_on(day)
    for row in standing_rows(day):
        sheet.append(list(cells_of(duty_of(row), lookup).values()))
    sheet.freeze_panes = "A2"
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def _rows(path: Path, faults: list[Fault]) -> Iterator[Row]:
    if path.suffix.lower() == ".csv":
        yield from _csv_rows(path.read_bytes(), faults)
        return
    with path.open("rb") as file:
        yield from rows_of(open_workbook(file), SHEET, HEAD, faults)


def _csv_rows(content: bytes, faults: list[Fault]) -> Iterator[Row]:
    lines = list(csv.reader(StringIO(_decoded(content), newline="")))
    head = [cell.strip() for cell in lines[0]] if lines else []
    missing = [name for name in HEAD if name not in head]
    if missing:
        faults.append(Fault(SHEET, 1, _("缺少列：%(names)s。") % {"names": "、".join(missing)}))
        return
    for number, cells in enumerate(lines[1 : MOST_ROWS + 1], 2):
        if any(cell.strip() for cell in cells):
            yield Row(SHEET, number, dict(zip(head, (cell.strip() for cell in cells), strict=False)))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(_("文件编码无法识别，请另存为UTF-8或GB18030。"), field="file")


def _read_row(row: Row, register: Lookup, table: Table) -> None:
    try:
        entry, duty = parsed(row, register)
    except UserError as error:
        table.faults.append(row.fault(str(error), COLUMNS.get(error.field, error.field)))
        return
    if entry in table.duties:
        table.faults.append(row.fault(_("与前面的行重复（小类、区域、条件、时段都相同）。")))
    table.duties[entry] = duty
    table.places[entry] = row.number


def standing_rows(day: dt.date) -> Sequence[DutyRow]:
    rows = DutyRow.objects.on(day).select_related("minor__standard", "condition", "main_department")
    return list(rows.prefetch_related("co_departments"))


def _entry_of(row: DutyRow) -> Entry:
    number = row.condition.number if row.condition else None
    return (row.minor_id, row.region_code, number, row.from_time, row.to_time, row.weekdays)


def duty_of(row: DutyRow) -> Duty:
    return Duty(
        minor_id=row.minor_id,
        main_department_id=row.main_department_id,
        region_code=row.region_code,
        condition_id=row.condition_id,
        from_time=row.from_time,
        to_time=row.to_time,
        weekdays=row.weekdays,
        co_department_ids=tuple(sorted(department.pk for department in row.co_departments.all())),
        legal_basis=row.legal_basis,
        auto_dispatch=row.auto_dispatch,
    )
