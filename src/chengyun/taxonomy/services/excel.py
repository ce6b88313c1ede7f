"""The county catalogue as a workbook: sheet 目录 is the whole of it, sheet 立案条件 the conditions of its classes.

Out and in again changes nothing. Differences are shown before anything is written; all or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from chengyun.core.who import Doer
from chengyun.people.access import SYSTEM
from chengyun.taxonomy import queries
from chengyun.taxonomy.models import CountyClass, FilingCondition, MinorClass
from chengyun.taxonomy.services.catalogue_rows import SHEET, CatalogueRow, faults_of
from chengyun.taxonomy.services.conditions import Limit, Wording, end_before, write_version
from chengyun.taxonomy.services.county import ClassDifferences, differences_on, write_classes
from chengyun.taxonomy.services.data import Key, minors_by_key
from chengyun.taxonomy.services.faults import Fault, refuse
from chengyun.taxonomy.services.sheets import Row, open_workbook, rows_of
from chengyun.taxonomy.services.state import announce
from chengyun.taxonomy.words import KIND_WORDS, KINDS, UNIT_WORDS, UNITS

CONDITIONS = "立案条件"
CATALOGUE_HEAD = ("类型", "大类代码", "大类名称", "小类代码", "小类名称", "依据标准")
CONDITIONS_HEAD = (
    "类型",
    "依据标准",
    "小类代码",
    "小类名称",
    "序号",
    "立案条件",
    "区域类别",
    "时限",
    "单位",
    "结案条件",
    "来源",
)
WIDTHS = {"立案条件": 50, "结案条件": 40, "大类名称": 18, "小类名称": 24, "依据标准": 22, "来源": 24}
Numbered = tuple[Key, int]


@dataclass
class Table:
    """What a workbook says, and what is wrong with it."""

    rows: list[CatalogueRow] = field(default_factory=list)
    wordings: dict[Numbered, Wording] = field(default_factory=dict)
    places: dict[Numbered, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class ConditionChange:
    """One number of one class: `before` is None for a new one, `after` for one that ends."""

    minor: MinorClass
    number: int
    before: FilingCondition | None
    after: Wording | None


@dataclass(frozen=True)
class Differences:
    classes: ClassDifferences
    conditions: tuple[ConditionChange, ...]

    def __bool__(self) -> bool:
        return bool(self.classes or self.conditions)

    def lines(self) -> Iterator[str]:
        """For people, before they say yes."""
        for row in self.classes.added:
            yield _("新增小类 %(code)s %(name)s") % {"code": row.code, "name": row.name}
        for row in self.classes.changed:
            yield _("变更小类 %(code)s %(name)s") % {"code": row.code, "name": row.name}
        for county in self.classes.ended:
            yield _("停用小类 %(code)s %(name)s") % {"code": county.code, "name": county.name}
        for change in self.conditions:
            yield _line(change)


def export_catalogue(day: dt.date) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    classes = list(queries.county_catalogue(day))
    _write_sheet(workbook, SHEET, CATALOGUE_HEAD, map(catalogue_cells, classes))
    _write_sheet(workbook, CONDITIONS, CONDITIONS_HEAD, all_condition_cells(classes, day))
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def read_catalogue(file: IO[bytes]) -> Table:
    """Parse and check; faults are in the table, nothing is written."""
    faults: list[Fault] = []
    workbook = open_workbook(file)
    classes = list(rows_of(workbook, SHEET, CATALOGUE_HEAD, faults))
    conditions = list(rows_of(workbook, CONDITIONS, CONDITIONS_HEAD, faults))
    table = read_rows(classes, conditions)
    table.faults[:0] = faults
    check_listed(table)
    return table


def read_rows(classes: Iterable[Row], conditions: Iterable[Row]) -> Table:
    table = Table(rows=[_catalogue_row(row) for row in classes])
    table.faults += faults_of(table.rows)
    for row in conditions:
        _read_condition(row, table)
    return table


def check_listed(table: Table) -> None:
    """Conditions stand for classes of the same workbook."""
    listed = {row.key for row in table.rows}
    for numbered, place in table.places.items():
        if numbered[0] not in listed:
            table.faults.append(
                Fault(CONDITIONS, place, _("小类%(code)s不在目录表中。") % {"code": numbered[0][2]}, "小类代码")
            )


def differences(table: Table, day: dt.date) -> Differences:
    """What importing would change from that day on."""
    refuse(table.faults)
    return Differences(differences_on(table.rows, day), tuple(_condition_changes(table, day)))


def import_catalogue(table: Table, valid_from: dt.date, *, origin: str, by: Doer = SYSTEM) -> Counter[str]:
    """Write the differences; the county's own wording carries `origin` (its name)."""
    refuse(table.faults)
    with transaction.atomic():
        changes = write_classes(table.rows, valid_from, by=by)
        for change in _condition_changes(table, valid_from):
            _write(change, valid_from, origin, by=by)
            changes["conditions"] += 1
        if changes:
            announce("county catalogue", changes)
    return changes


def catalogue_cells(county: CountyClass) -> Sequence[object]:
    return (
        KIND_WORDS[county.kind],
        county.major_code,
        county.major_name,
        county.code,
        county.name,
        county.minor.standard.code,
    )


def all_condition_cells(classes: Sequence[CountyClass], day: dt.date) -> Iterator[Sequence[object]]:
    found = queries.conditions_for_many([county.minor for county in classes], day)
    for county in classes:
        for condition in found[county.minor_id]:
            yield from _condition_cells(county, condition)


def _condition_cells(county: CountyClass, condition: FilingCondition) -> Iterator[Sequence[object]]:
    """The default limit with the words, then one row for each area class."""
    head = (KIND_WORDS[county.kind], county.minor.standard.code, county.code, county.name, condition.number)
    for limit in sorted(condition.limits.all(), key=lambda limit: limit.area_class):
        is_default = limit.area_class == ""
        yield (
            *head,
            condition.text if is_default else "",
            limit.area_class,
            limit.amount.normalize(),
            UNIT_WORDS[limit.unit],
            condition.closing if is_default else "",
            condition.origin_label if is_default else "",
        )


def _write_sheet(workbook: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = workbook.create_sheet(title)
    sheet.append(head)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = WIDTHS.get(str(cell.value), 10)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(row)


def _catalogue_row(row: Row) -> CatalogueRow:
    return CatalogueRow(
        standard=row["依据标准"],
        kind=KINDS.get(row["类型"], row["类型"]),
        major_code=row["大类代码"],
        major_name=row["大类名称"],
        code=row["小类代码"],
        name=row["小类名称"],
        row=row.number,
    )


def _read_condition(row: Row, table: Table) -> None:
    key = (row["依据标准"], KINDS.get(row["类型"], row["类型"]), row["小类代码"])
    limit = _limit(row, table.faults)
    if not (row["序号"].isdecimal() and 0 < int(row["序号"]) < 100):
        table.faults.append(row.fault(_("序号应为1至99的整数。"), "序号"))
    elif limit is not None:
        _add_wording(row, (key, int(row["序号"])), limit, table)


def _limit(row: Row, faults: list[Fault]) -> Limit | None:
    unit = UNITS.get(row["单位"])
    if unit is None:
        faults.append(row.fault(_("单位应为：%(units)s。") % {"units": "、".join(UNITS)}, "单位"))
        return None
    try:
        amount = Decimal(row["时限"])
    except InvalidOperation:
        amount = Decimal(0)
    if not (amount.is_finite() and 0 < amount < 10_000 and amount == amount.quantize(Decimal("0.01"))):
        faults.append(row.fault(_("时限应为大于0、不超过两位小数的数。"), "时限"))
        return None
    return Limit(amount, unit)


def _add_wording(row: Row, numbered: Numbered, limit: Limit, table: Table) -> None:
    area_class, before = row["区域类别"], table.wordings.get(numbered)
    if before is None and (area_class or not row["立案条件"] or not row["结案条件"]):
        table.faults.append(row.fault(_("请先填写一行默认时限（区域类别留空），并写明立案条件和结案条件。")))
    elif before is not None and area_class in before.limits:
        table.faults.append(row.fault(_("同一立案条件的区域类别重复。"), "区域类别"))
    elif max(len(row["立案条件"]), len(row["结案条件"])) > 300 or len(area_class) > 10:
        table.faults.append(row.fault(_("立案条件和结案条件不能超过300个字，区域类别不能超过10个字。")))
    else:
        limits = {**before.limits, area_class: limit} if before else {"": limit}
        text, closing = (before.text, before.closing) if before else (row["立案条件"], row["结案条件"])
        table.wordings[numbered] = Wording(text, closing, limits)
        table.places.setdefault(numbered, row.number)


def _condition_changes(table: Table, day: dt.date) -> Iterator[ConditionChange]:
    """Classes listed in the sheet are compared as a whole; the others keep what they have."""
    minors, catalogue = minors_by_key(), queries.catalogue()
    by_class: defaultdict[Key, dict[int, Wording]] = defaultdict(dict)
    for (key, number), wording in table.wordings.items():
        by_class[key][number] = wording
    for key, wanted in by_class.items():
        minor = minors.get(key)
        if minor is None:  # an extension that this import will add
            minor = MinorClass(kind=key[1], code=key[2])
        standing = catalogue.conditions_on(minor.pk, day) if minor.pk else []
        yield from _changes_of(minor, {condition.number: condition for condition in standing}, wanted)


def _changes_of(
    minor: MinorClass, standing: dict[int, FilingCondition], wanted: dict[int, Wording]
) -> Iterator[ConditionChange]:
    for number in sorted({*standing, *wanted}):
        before, after = standing.get(number), wanted.get(number)
        if before is None or after is None or Wording.of(before) != after:
            yield ConditionChange(minor, number, before, after)


def _write(change: ConditionChange, valid_from: dt.date, origin: str, *, by: Doer) -> None:
    """Conditions reached through the mapping are changed where they stand, so that they stay one set."""
    if change.after is None:
        if change.before is not None:
            end_before(change.before, valid_from, by=by)
        return
    owner = change.before.minor if change.before else queries.filing_class(change.minor)
    write_version(owner, change.number, change.after, origin=origin, valid_from=valid_from, by=by)


def _line(change: ConditionChange) -> str:
    names: dict[str, Any] = {"code": change.minor.code, "number": change.number}
    if change.after is None:
        return _("停用立案条件 %(code)s 第%(number)d条") % names
    names["text"] = change.after.text
    if change.before is None:
        return _("新增立案条件 %(code)s 第%(number)d条：%(text)s") % names
    return _("变更立案条件 %(code)s 第%(number)d条：%(text)s") % names
