from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chengyun.people.backoffice.people_book import PeopleBook
from chengyun.people.backoffice.who import ADMINS, ORGANISATION, ORGANISERS
from chengyun.people.models import Appointment, Department, Post
from chengyun.people.register_forms import DepartmentForm
from chengyun.people.registers.declaration import Column, Filter, Register, Rows, Usage
from chengyun.people.services.departments import change_department, close_department, create_department


def _held_posts(posts: Rows, day: dt.date) -> Rows:
    after = day + dt.timedelta(days=1)
    held = Appointment.objects.on(after).values("post")
    return posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=after), pk__in=held)


def _form(data: object, row: Department | None) -> DepartmentForm:
    return DepartmentForm(data, instance=row)


DEPARTMENTS = Register(
    key="departments",
    title=_("部门"),
    group=ORGANISATION,
    order=900,
    icon="building-community",
    help=_("先建立监督指挥中心，再建立各专业部门和乡镇街道。"),
    model=Department,
    rows=lambda: Department.objects.select_related("parent"),
    columns=[
        Column(_("部门"), "name", sort="name"),
        Column(_("代码"), "code", sort="code"),
        Column(_("简称"), "short_name"),
        Column(_("类型"), "kind", sort="kind"),
        Column(_("上级部门"), lambda row: row.parent or ""),
        Column(_("区划"), "region_code"),
        Column(_("电话"), "phone"),
        Column(_("上线办理"), lambda row: _("是") if row.works_online else _("否（代录）")),
        Column(_("有效期至"), "valid_to"),
    ],
    readers=ADMINS,
    changers=ORGANISERS,
    sort=("sort_order", "code"),
    search=("name", "short_name", "code"),
    search_hint=_("名称或代码"),
    filters=[Filter("kind", _("类型"), lambda: Department.Kind.choices, "kind")],
    form=_form,
    create=create_department,
    change=change_department,
    retire=close_department,
    retire_rule=_("停用之后不再有效；已办的案件仍记在它名下。"),
    bulk_fields=("kind", "works_online", "parent", "sort_order"),
    book=PeopleBook(),
)

USAGES = [
    Usage(Department, "parent", _("下级部门"), refuses=True),
    Usage(Post, "department", _("有人任职的岗位"), living=_held_posts, refuses=True),
]
