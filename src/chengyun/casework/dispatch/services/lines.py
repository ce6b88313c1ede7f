"""One line of the duty list's table: cells → duty, looked up in what stands; and a duty as cells again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from chengyun.casework.dispatch.services.duties import Duty, check_duty
from chengyun.core.errors import UserError
from chengyun.people.models import Department
from chengyun.regions.models import Region
from chengyun.taxonomy import queries as taxonomy
from chengyun.taxonomy.models import FilingCondition, MinorClass
from chengyun.taxonomy.services.data import Key, minors_by_key
from chengyun.taxonomy.services.sheets import Row
from chengyun.taxonomy.words import KIND_WORDS, KINDS

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
Value = TypeVar("Value")
# What makes two rows the same entry: class, area, condition number, hours, days.
Entry = tuple[int, str, int | None, dt.time | None, dt.time | None, str]


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


def parsed(row: Row, register: Lookup) -> tuple[Entry, Duty]:
    """Raises UserError; its field is the column, or a field of `Duty`."""
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
