"""Decided disputes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy

from chengyun.casework.dispatch import services
from chengyun.casework.dispatch.forms import DisputeForm
from chengyun.casework.dispatch.models import DecidedDispute
from chengyun.casework.dispatch.registers.shared import REGION, TITLES, department_choices, region_of, with_region
from chengyun.core.who import Doer
from chengyun.people.backoffice.cells import DEPARTMENT, department_codes
from chengyun.people.backoffice.who import BUSINESS, CENTRE, KEEPERS
from chengyun.people.models import Department
from chengyun.people.registers.book import Heading
from chengyun.people.registers.cells import DAY, Cell
from chengyun.people.registers.declaration import Column, Filter, Register, Rows
from chengyun.people.registers.row_book import RowBook
from chengyun.regions import cells as places
from chengyun.taxonomy.cells import MINOR, minor_labels
from chengyun.taxonomy.models import MinorClass


def _decide(*, by: Doer, minor: MinorClass, region_code: str, department: Department, reason: str) -> DecidedDispute:
    return services.decide(minor, region_code, department.pk, by=by, reason=reason)


def _decide_anew(row: DecidedDispute, *, by: Doer, **given: Any) -> DecidedDispute:
    """A decision stays what it was: another takes its place."""
    department, reason = given.get("department", row.department), given.get("reason", row.reason)
    if (department, reason) == (row.department, row.reason):
        return row
    return services.decide(row.minor, row.region_code, department.pk, by=by, reason=reason)


def _decisions(row: DecidedDispute) -> Sequence[DecidedDispute]:
    return list(DecidedDispute.objects.filter(minor=row.minor_id, region_code=row.region_code))


def _end(row: DecidedDispute, *, by: Doer, last_day: dt.date) -> DecidedDispute:
    return services.end_decision(row, last_day=last_day, by=by)


def _standing(day: dt.date) -> Rows:
    rows = DecidedDispute.objects.on(day).select_related("minor__standard", "department", "decided_by")
    return rows.order_by("pk")


DISPUTES = Register(
    key="disputes",
    title=gettext_lazy("争议裁定"),
    group=BUSINESS,
    order=730,
    icon="gavel",
    help=gettext_lazy("部门对归属有争议时由中心裁定；裁定优先于权责清单，裁定后不能再退回。"),
    model=DecidedDispute,
    rows=lambda: with_region(DecidedDispute.objects.select_related("minor", "department", "decided_by")),
    columns=[
        Column(gettext_lazy("小类"), "minor"),
        Column(REGION, region_of),
        Column(gettext_lazy("负责部门"), "department.short_name"),
        Column(gettext_lazy("理由"), "reason"),
        Column(gettext_lazy("裁定人"), lambda row: row.decided_by or ""),
        Column(gettext_lazy("裁定日期"), "valid_from", sort="valid_from"),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("-pk",),
    search=("minor__name", "department__name", "reason"),
    search_hint=gettext_lazy("小类、部门或理由"),
    filters=[Filter("department", gettext_lazy("负责部门"), department_choices, "department")],
    form=DisputeForm,
    create=_decide,
    change=_decide_anew,
    bulk_fields=("department", "reason"),
    retire=_end,
    retire_rule=gettext_lazy("裁定停用后，按权责清单派遣。"),
    same_thing=_decisions,
    titles=TITLES,
    book=RowBook(
        name="争议裁定",
        cells=(
            Cell(
                Heading("小类", "代码，或列表里的全称", minor_labels, required=True, width=44),
                attrgetter("minor"),
                "minor",
                MINOR,
            ),
            Cell(
                Heading("区域代码", "乡镇街道 9 位、社区 12 位、单元网格 15 位；全县留空", width=16),
                attrgetter("region_code"),
                "region_code",
                places.REGION,
            ),
            Cell(
                Heading("负责部门", "部门代码，也可填名称或简称", department_codes, required=True),
                attrgetter("department"),
                "department",
                DEPARTMENT,
            ),
            Cell(
                Heading("理由", "最多 300 字", required=True, width=60),
                attrgetter("reason"),
                "reason",
            ),
            Cell(Heading("裁定人", told_only=True), lambda row: row.decided_by or ""),
            Cell(Heading("裁定日期", told_only=True), attrgetter("valid_from"), kind=DAY),
        ),
        key=("小类", "区域代码"),
        rows=_standing,
        create=_decide,
        change=_decide_anew,
        retire=_end,
        tables=(DecidedDispute,),
        notes=(
            gettext_lazy(
                "每行一项裁定；小类和区域代码合起来确定一项。改了负责部门或理由的，从今天起是新的裁定，原来的留痕。"
            ),
            gettext_lazy("裁定优先于权责清单，裁定后不能再退回；按完整清单导入时，表里没有的裁定从明天起停用。"),
        ),
    ),
)
