from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.handover.notes import ShiftNote
from chengyun.core.declarations import MenuEntry
from chengyun.core.exports import Column, Export
from chengyun.intake.hotline import queries

COLUMNS = (
    Column(_("受理时间"), lambda order: order.received_at, 17),
    Column(_("工单编号"), lambda order: order.shown_number, 22),
    Column(_("标题"), lambda order: order.report.title, 40),
    Column(_("类型"), lambda order: order.kind_text, 10),
    Column(_("来电人"), lambda order: order.caller, 10),
    Column(_("电话"), lambda order: order.phone, 14),
    Column(_("案号"), lambda order: order.case.number, 16),
    Column(_("环节"), lambda order: order.case.stage_label, 10),
)

DECLARATIONS: list[object] = [
    ShiftNote(queries.failed_imports),
    MenuEntry(_("热线"), "hotline:orders", order=40, roles=queries.ROLES, icon="headset", key="h", for_county=True),
    Export("hotline-orders", _("热线工单"), COLUMNS, queries.exported, queries.ROLES),
]
