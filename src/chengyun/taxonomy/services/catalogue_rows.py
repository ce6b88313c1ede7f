"""A class as a row of the county's catalogue, and everything that can be wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chengyun.taxonomy.models import LOCAL, Kind, MinorClass, Standard
from chengyun.taxonomy.services.data import Key, minors_by_key, standards_by_code
from chengyun.taxonomy.services.faults import Fault

SHEET = "目录"
# Standard numbers go to 79 (079); what a county adds counts down from 99 (999).
FIRST_LOCAL = 80


@dataclass(frozen=True)
class CatalogueRow:
    """A class of the county catalogue under one of the county's majors; `row` is where it stood in a table."""

    standard: str
    kind: str
    major_code: str
    major_name: str
    code: str
    name: str
    row: int = 0

    @property
    def key(self) -> Key:
        return (self.standard, self.kind, self.code)


def faults_of(rows: Sequence[CatalogueRow]) -> list[Fault]:
    """Everything wrong with the rows, in their order."""
    standards, minors = standards_by_code(), minors_by_key()
    seen: Counter[Key] = Counter()
    faults = []
    for row in rows:
        seen[row.key] += 1
        column, message = _repeated(row) if seen[row.key] > 1 else _fault(row, standards, minors)
        if message:
            faults.append(Fault(SHEET, row.row, message, column))
    return faults


def _repeated(row: CatalogueRow) -> tuple[str, str]:
    return "小类代码", _("小类%(code)s重复，请删去一行。") % {"code": row.code}


def _fault(row: CatalogueRow, standards: dict[str, Standard], minors: dict[Key, MinorClass]) -> tuple[str, str]:
    """The column and what is wrong with it; blank where nothing is."""
    if row.kind not in Kind.values:
        return "类型", _("类型应为“部件”或“事项”。")
    if row.standard not in standards:
        return "依据标准", _("没有名为“%(standard)s”的标准，请填写标准号或LOCAL。") % {"standard": row.standard}
    if not row.name or not row.major_name:
        return "小类名称", _("请填写大类名称和小类名称。")
    if max(len(row.name), len(row.major_name)) > 50:
        return "小类名称", _("名称不能超过50个字。")
    if not (row.major_code.isdigit() and len(row.major_code) == 2):
        return "大类代码", _("大类代码应为两位数字，请按文本填写，如“06”。")
    if row.key in minors:
        return "", ""
    return "小类代码", _fault_of_extension(row) if row.standard == LOCAL else _unknown(row)


def _unknown(row: CatalogueRow) -> str:
    return _("%(standard)s中没有小类%(code)s，请核对代码（按文本填写）。") % {
        "standard": row.standard,
        "code": row.code,
    }


def _fault_of_extension(row: CatalogueRow) -> str:
    digits = row.code.removeprefix(row.major_code)
    if len(row.code) not in (4, 5) or not row.code.isdigit() or len(digits) == len(row.code):
        return _("扩展小类代码应为大类代码加两位或三位数字，如“06999”。")
    if int(digits) < FIRST_LOCAL:
        return _("扩展小类从99（或999）往下编号，79以内留给标准。")
    return ""
