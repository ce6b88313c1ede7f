"""People and departments in the cells of a workbook, for the registers of every floor."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core import instants
from chengyun.people.models import Department, User
from chengyun.people.registers import cells


def department_codes() -> list[str]:
    return list(Department.objects.on(instants.today()).order_by("sort_order", "code").values_list("code", flat=True))


# A department of today by its code; its name or short name is understood, too.
DEPARTMENT = cells.named(
    _("部门"),
    lambda: Department.objects.on(instants.today()),
    lambda row: (row.code, row.name, row.short_name),
)
PERSON = cells.named(_("启用人员"), lambda: User.objects.filter(is_active=True), lambda row: (row.username,))
