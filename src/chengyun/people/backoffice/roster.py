"""The roster as a list with its Excel round trip; planning by the week has a page of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.people.backoffice.roster_book import RosterBook
from chengyun.people.backoffice.who import CENTRE, KEEPERS, ORGANISATION
from chengyun.people.models import DutyShift
from chengyun.people.registers.declaration import Column, Filter, Page, Register

ROSTER_PAGE = Page(
    key="roster",
    title=gettext_lazy("值班表"),
    group=ORGANISATION,
    url_name="people:roster",
    readers=CENTRE,
    order=930,
    icon="calendar",
)

SHIFTS = Register(
    key="shifts",
    title=gettext_lazy("排班明细"),
    group=ORGANISATION,
    order=935,
    icon="list-check",
    help=gettext_lazy("今天和以后的班；可用 Excel 成批排班，按周排班在“值班表”。"),
    model=DutyShift,
    rows=lambda: DutyShift.objects.select_related("user", "post"),
    current=lambda rows: rows.filter(day__gte=instants.today(), is_cancelled=False),
    columns=[
        Column(gettext_lazy("日期"), "day"),
        Column(gettext_lazy("班次"), "name"),
        Column(gettext_lazy("开始"), "starts_at", sort="starts_at"),
        Column(gettext_lazy("结束"), "ends_at"),
        Column(gettext_lazy("值班人"), "user.name"),
        Column(gettext_lazy("岗位"), "post.name"),
        Column(gettext_lazy("电话"), "phone"),
        Column(gettext_lazy("呼叫顺序"), lambda row: row.call_order or "", num=True),
        Column(gettext_lazy("状态"), lambda row: _("已取消") if row.is_cancelled else ""),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("starts_at", "pk"),
    search=("user__name", "user__username"),
    search_hint=gettext_lazy("值班人"),
    filters=[Filter("name", gettext_lazy("班次"), lambda: DutyShift.Name.choices, "name")],
    book=RosterBook(),
)
