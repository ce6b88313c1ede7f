"""What the registers of this module share."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.people.models import Department
from chengyun.people.registers.declaration import Rows
from chengyun.regions.models import Region

REGION = gettext_lazy("区域")
TITLES = {
    "minor_id": gettext_lazy("小类"),
    "region_code": REGION,
    "condition_id": gettext_lazy("立案条件"),
    "from_time": gettext_lazy("起始时间"),
    "to_time": gettext_lazy("结束时间"),
    "weekdays": gettext_lazy("星期"),
    "main_department_id": gettext_lazy("主办部门"),
    "co_departments": gettext_lazy("协办部门"),
    "legal_basis": gettext_lazy("法律依据"),
    "auto_dispatch": gettext_lazy("自动派遣"),
    "department_id": gettext_lazy("负责部门"),
    "reason": gettext_lazy("理由"),
    "valid_to": gettext_lazy("有效期至"),
    "ends_at": gettext_lazy("结束时间"),
    "starts_at": gettext_lazy("开始时间"),
    "name": gettext_lazy("名称"),
    "region_codes": gettext_lazy("区域"),
    "minors": gettext_lazy("小类"),
    "shape": gettext_lazy("图上的区域"),
    "is_draft": gettext_lazy("草稿"),
    "approved_by_id": gettext_lazy("批准人"),
}


def with_region(rows: Rows) -> Rows:
    name = Region.objects.filter(version__is_active=True, code=OuterRef("region_code")).values("name")[:1]
    named: Rows = rows.annotate(region_name=Subquery(name))
    return named


def region_of(row: Any) -> str:
    return row.region_name or row.region_code or _("全县")


def department_choices() -> list[tuple[str, str]]:
    rows = Department.objects.on(instants.today()).order_by("sort_order", "code")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "short_name")]


def hours(row: Any) -> str:
    times = f"{row.from_time:%H:%M}–{row.to_time:%H:%M}" if row.from_time and row.to_time else ""
    days = _("周%(days)s") % {"days": row.weekdays} if row.weekdays else ""
    return " ".join(part for part in (days, times) if part)
