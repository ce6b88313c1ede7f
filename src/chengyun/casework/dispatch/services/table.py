"""The duty list as a table (Excel or CSV): checked row by row, differences told first, all or nothing."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from chengyun.casework.dispatch.models import DutyRow
from chengyun.casework.dispatch.services.duties import (
    Duty,
    check_duty,
    end_duty,
    follow_duty,
    store_duty,
    told,
)
from chengyun.casework.dispatch.services.state import announce
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department
from chengyun.regions.models import Region
from chengyun.taxonomy import queries as taxonomy
from chengyun.taxonomy.models import FilingCondition, MinorClass
from chengyun.taxonomy.services.data import Key, minors_by_key
from chengyun.taxonomy.services.faults import Fault, refuse
from chengyun.taxonomy.services.sheets import MOST_ROWS, Row, open_workbook, rows_of
from chengyun.taxonomy.words import KIND_WORDS, KINDS

SHEET = "权责清单"
HEAD = (
    "类型",
    "依据标准",
    "小类代码",
    "小类名称",
    "区域代码",
    "条件序号",
    "起始时间",
    "结束时间",
    "星期",
    "主办部门",
    "协办部门",
    "法律依据",
    "自动派遣",
)
YES = {"是": True, "": False, "否": False}
# The columns that `check_duty` speaks of.
COLUMNS = {"region_code": "区域代码", "weekdays": "星期", "co_departments": "协办部门", "legal_basis": "法律依据"}
Value = TypeVar("Value")
# What makes two rows the same entry: class, area, condition number, hours, days.
Entry = tuple[int, str, int | None, dt.time | None, dt.time | None, str]


@dataclass
class Table:
    duties: dict[Entry, Duty] = field(default_factory=dict)
    # Where each entry stands in the file.
    places: dict[Entry, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Lookup:
    """What cells of the table are looked up in, read once."""

    day: dt.date
    minors: Mapping[Key, MinorClass]
    departments: Mapping[str, frozenset[int]]
    regions: frozenset[str]
    # The way back: department and condition by id.
    codes: Mapping[int, str]
    numbers: Mapping[int, int]

    @cached_property
    def minors_by_id(self) -> Mapping[int, MinorClass]:
        return {minor.pk: minor for minor in self.minors.values()}


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


def register_on(day: dt.date) -> Lookup:
    by_name = defaultdict(set)
    for department in Department.objects.on(day):
        for name in (department.code, department.short_name, department.name):
            by_name[name].add(department.pk)
    codes = Region.objects.filter(version__is_active=True).values_list("code", flat=True)
    departments = {name: frozenset(found) for name, found in by_name.items()}
    return Lookup(
        day=day,
        minors=minors_by_key(),
        departments=departments,
        regions=frozenset(codes),
        codes=dict(Department.objects.values_list("pk", "code")),
        numbers=dict(FilingCondition.objects.values_list("pk", "number")),
    )


def _read_row(row: Row, register: Lookup, table: Table) -> None:
    try:
        entry, duty = _parsed(row, register)
    except UserError as error:
        table.faults.append(row.fault(str(error), COLUMNS.get(error.field, error.field)))
        return
    if entry in table.duties:
        table.faults.append(row.fault(_("与前面的行重复（小类、区域、条件、时段都相同）。")))
    table.duties[entry] = duty
    table.places[entry] = row.number


def _parsed(row: Row, register: Lookup) -> tuple[Entry, Duty]:
    minor = _minor(row, register)
    helping = [_in("协办部门", _department, name, register) for name in _names(row["协办部门"])]
    duty = Duty(
        minor_id=minor.pk,
        main_department_id=_in("主办部门", _department, row["主办部门"], register),
        region_code=_in("区域代码", _region, row["区域代码"], register),
        condition_id=_in("条件序号", _condition, row, minor, register.day),
        from_time=_in("起始时间", _time, row["起始时间"]),
        to_time=_in("结束时间", _time, row["结束时间"]),
        weekdays="".join(sorted(row["星期"])),
        co_department_ids=tuple(sorted(helping)),
        legal_basis=row["法律依据"],
        auto_dispatch=_in("自动派遣", _yes, row["自动派遣"]),
    )
    check_duty(duty)
    number = int(row["条件序号"]) if row["条件序号"] else None
    return (minor.pk, duty.region_code, number, duty.from_time, duty.to_time, duty.weekdays), duty


def _in(column: str, read: Callable[..., Value], *cells: Any) -> Value:
    """Read a cell, naming its column in what is wrong with it."""
    try:
        return read(*cells)
    except UserError as error:
        raise UserError(str(error), field=column) from error


def _minor(row: Row, register: Lookup) -> MinorClass:
    key = (row["依据标准"], KINDS.get(row["类型"], row["类型"]), row["小类代码"])
    if key not in register.minors:
        message = _("没有小类%(code)s，请核对类型、依据标准和代码（按文本填写）。") % {"code": key[2]}
        raise UserError(message, field="小类代码")
    return register.minors[key]


def _condition(row: Row, minor: MinorClass, day: dt.date) -> int | None:
    if not row["条件序号"]:
        return None
    found = [each.pk for each in taxonomy.conditions_for(minor, day) if str(each.number) == row["条件序号"]]
    if not found:
        raise UserError(_("该小类没有第%(number)s条立案条件。") % {"number": row["条件序号"]})
    return found[0]


def _department(name: str, register: Lookup) -> int:
    found = register.departments.get(name, frozenset())
    if not name:
        raise UserError(_("请填写主办部门。"))
    if not found:
        raise UserError(_("没有名为“%(name)s”的部门，请核对，或填部门代码。") % {"name": name})
    if len(found) > 1:
        raise UserError(_("有多个部门叫“%(name)s”，请改填部门代码。") % {"name": name})
    return next(iter(found))


def _region(code: str, register: Lookup) -> str:
    if code and register.regions and code not in register.regions:
        raise UserError(_("没有代码为%(code)s的区域，全县请留空。") % {"code": code})
    return code


def _names(cell: str) -> Iterable[str]:
    names = cell.replace(",", "、").replace("，", "、").replace("；", "、").split("、")
    return dict.fromkeys(name.strip() for name in names if name.strip())


def _time(cell: str) -> dt.time | None:
    if not cell:
        return None
    try:
        return dt.time.fromisoformat("00:00" if cell in ("24:00", "24:00:00") else cell)
    except ValueError:
        raise UserError(_("时间请按“18:30”的样式填写。")) from None


def _yes(cell: str) -> bool:
    if cell not in YES:
        raise UserError(_("自动派遣请填“是”或“否”。"))
    return YES[cell]


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


def cells_of(duty: Duty, lookup: Lookup) -> dict[str, str]:
    """The duty as a line of the table, by heading."""
    minor = lookup.minors_by_id[duty.minor_id]
    values = (
        KIND_WORDS[minor.kind],
        minor.standard.code,
        minor.code,
        minor.name,
        duty.region_code,
        str(lookup.numbers[duty.condition_id]) if duty.condition_id else "",
        f"{duty.from_time:%H:%M}" if duty.from_time else "",
        f"{duty.to_time:%H:%M}" if duty.to_time else "",
        duty.weekdays,
        lookup.codes[duty.main_department_id],
        "、".join(sorted(lookup.codes[pk] for pk in duty.co_department_ids)),
        duty.legal_basis,
        "是" if duty.auto_dispatch else "",
    )
    return dict(zip(HEAD, values, strict=True))
