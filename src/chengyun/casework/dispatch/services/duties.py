"""Changes of the duty list. A row is never deleted: it ends on a day, and another takes over on the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.dispatch.models import DutyRow
from chengyun.casework.dispatch.services.state import announce
from chengyun.casework.dispatch.windows import EVERY_DAY
from chengyun.core.errors import Conflict, UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import SYSTEM


@dataclass(frozen=True)
class Duty:
    """What a row of the duty list says."""

    minor_id: int
    main_department_id: int
    region_code: str = ""
    condition_id: int | None = None
    from_time: dt.time | None = None
    to_time: dt.time | None = None
    weekdays: str = ""
    co_department_ids: tuple[int, ...] = ()
    legal_basis: str = ""
    auto_dispatch: bool = False


@transaction.atomic
def add_duty(duty: Duty, *, valid_from: dt.date, by: Doer = SYSTEM) -> DutyRow:
    row = store_duty(duty, valid_from)
    register.record_new([row], by=by, told=told)
    announce("added", f"duty:{row.pk}")
    return row


@transaction.atomic
def change_duty(row: DutyRow, duty: Duty, *, valid_from: dt.date, by: Doer = SYSTEM) -> DutyRow:
    """The old row holds until the day before `valid_from`."""
    successor = follow_duty(row, duty, valid_from, by=by)
    announce("changed", f"duty:{successor.pk}")
    return successor


def follow_duty(row: DutyRow, duty: Duty, valid_from: dt.date, *, by: Doer) -> DutyRow:
    """As `change_duty`, without announcing; for changes of many rows."""
    before = told(row)
    end_duty(row, valid_from - dt.timedelta(days=1), by=by, action="followed")
    successor = store_duty(duty, valid_from)
    register.record_successor(successor, before, told(successor), by=by)
    return successor


@transaction.atomic
def retire_duty(row: DutyRow, *, last_day: dt.date, by: Doer = SYSTEM) -> None:
    end_duty(row, last_day, by=by)
    announce("retired", f"duty:{row.pk}")


def store_duty(duty: Duty, valid_from: dt.date) -> DutyRow:
    """Write one row without announcing; for changes of many rows."""
    check_duty(duty)
    row = DutyRow.objects.create(
        minor_id=duty.minor_id,
        region_code=duty.region_code,
        condition_id=duty.condition_id,
        from_time=duty.from_time,
        to_time=duty.to_time,
        weekdays=duty.weekdays,
        main_department_id=duty.main_department_id,
        legal_basis=duty.legal_basis,
        auto_dispatch=duty.auto_dispatch,
        valid_from=valid_from,
    )
    if duty.co_department_ids:
        row.co_departments.set(duty.co_department_ids)
    return row


def told(row: DutyRow) -> dict[str, Any]:
    """What history keeps of a row: its columns and the departments beside the main one."""
    return {**register.content(row), "co_departments": sorted(row.co_departments.values_list("pk", flat=True))}


def end_duty(row: DutyRow, last_day: dt.date, *, by: Doer, action: str = "retired") -> None:
    """End the row as its reader saw it; of two people at once the second is told so."""
    if row.valid_to is not None and row.valid_to < last_day:
        raise UserError(_("该权责已于更早的日期停用。"), field="valid_to")
    if not DutyRow.objects.filter(pk=row.pk, valid_to=row.valid_to).update(valid_to=last_day):
        raise Conflict(_("该权责刚被他人修改，请刷新后再试。"))
    register.record(row, action, {"valid_to": row.valid_to}, {"valid_to": last_day}, by=by)
    row.valid_to = last_day


def check_duty(duty: Duty) -> None:
    if duty.region_code and not (duty.region_code.isascii() and duty.region_code.isdigit()):
        raise UserError(_("区域代码只能是数字，全县请留空。"), field="region_code")
    if any(day not in EVERY_DAY for day in duty.weekdays):
        raise UserError(_("星期请用1至7的数字填写，如“12345”。"), field="weekdays")
    if len(duty.legal_basis) > 300:
        raise UserError(_("法律依据最多 300 个字。"), field="legal_basis")
    if duty.main_department_id in duty.co_department_ids:
        raise UserError(_("主办部门不能同时作为协办部门。"), field="co_departments")
