"""The duty list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.dispatch import services
from chengyun.casework.dispatch.forms import DutyForm
from chengyun.casework.dispatch.models import DutyRow
from chengyun.casework.dispatch.registers.shared import (
    REGION,
    TITLES,
    department_choices,
    hours,
    region_of,
    with_region,
)
from chengyun.casework.dispatch.services.book import DutyBook
from chengyun.casework.dispatch.services.duties import Duty
from chengyun.casework.dispatch.services.table import duty_of
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people.backoffice.who import BUSINESS, CENTRE, KEEPERS
from chengyun.people.registers.declaration import Column, Filter, Register, Rows
from chengyun.taxonomy import queries as taxonomy
from chengyun.taxonomy.models import Kind, MinorClass


def _duties() -> Rows:
    rows = DutyRow.objects.select_related("minor", "condition", "main_department").prefetch_related("co_departments")
    return with_region(rows)


def _co(row: DutyRow) -> str:
    return "、".join(department.short_name for department in row.co_departments.all())


def _create_duty(*, by: Doer, valid_from: dt.date | None = None, **given: Any) -> DutyRow:
    day = valid_from or instants.today()
    minor = given.pop("minor")
    return services.add_duty(_duty(Duty(minor.pk, 0), minor, day, given), valid_from=day, by=by)


def _change_duty(row: DutyRow, *, by: Doer, valid_from: dt.date | None = None, **given: Any) -> DutyRow:
    day = valid_from or instants.today()
    before = duty_of(row)
    after = _duty(before, row.minor, day, given)
    return row if after == before else services.change_duty(row, after, valid_from=day, by=by)


def _duty(duty: Duty, minor: MinorClass, day: dt.date, given: dict[str, Any]) -> Duty:
    """`duty` with those fields of the form that are given."""
    plain = ("region_code", "from_time", "to_time", "weekdays", "legal_basis", "auto_dispatch")
    values: dict[str, Any] = {name: given[name] for name in plain if name in given}
    if "main_department" in given:
        values["main_department_id"] = given["main_department"].pk
    if "co_departments" in given:
        values["co_department_ids"] = tuple(sorted(each.pk for each in given["co_departments"]))
    if "condition_number" in given:
        values["condition_id"] = _condition(minor, given["condition_number"], day)
    return replace(duty, **values)


def _condition(minor: MinorClass, number: int | None, day: dt.date) -> int | None:
    if number is None:
        return None
    found = [each.pk for each in taxonomy.conditions_for(minor, day) if each.number == number]
    if not found:
        message = _("该小类没有第%(number)s条立案条件。") % {"number": number}
        raise UserError(message, field="condition_number")
    return found[0]


def _versions(row: DutyRow) -> Sequence[DutyRow]:
    same = DutyRow.objects.filter(minor=row.minor_id, region_code=row.region_code, weekdays=row.weekdays)
    number = row.condition.number if row.condition else None
    return list(same.filter(from_time=row.from_time, to_time=row.to_time, condition__number=number))


DUTIES = Register(
    key="duties",
    title=gettext_lazy("权责清单"),
    group=BUSINESS,
    order=720,
    icon="list-check",
    help=gettext_lazy("哪类问题在哪个区域由谁主办、谁协办；派遣时按它提出建议，越具体的行越优先。"),
    model=DutyRow,
    rows=_duties,
    columns=[
        Column(gettext_lazy("小类"), "minor", sort="minor_id"),
        Column(gettext_lazy("代码"), "minor.code"),
        Column(gettext_lazy("类型"), "minor.kind"),
        Column(REGION, region_of),
        Column(gettext_lazy("条件"), lambda row: row.condition.number if row.condition else "", num=True),
        Column(gettext_lazy("时段"), hours),
        Column(gettext_lazy("主办部门"), "main_department.short_name", sort="main_department_id"),
        Column(gettext_lazy("协办部门"), _co),
        Column(gettext_lazy("自动派遣"), lambda row: _("是") if row.auto_dispatch else ""),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("minor_id", "region_code"),
    search=("minor__name", "minor__code", "main_department__name", "main_department__short_name"),
    search_hint=gettext_lazy("小类或部门"),
    filters=[
        Filter("department", gettext_lazy("主办部门"), department_choices, "main_department"),
        Filter("kind", gettext_lazy("类型"), lambda: Kind.choices, "minor__kind"),
    ],
    form=DutyForm,
    create=_create_duty,
    change=_change_duty,
    retire=lambda row, by, last_day: services.retire_duty(row, last_day=last_day, by=by),
    bulk_fields=("main_department", "co_departments", "auto_dispatch", "legal_basis"),
    same_thing=_versions,
    titles=TITLES,
    book=DutyBook(),
)
