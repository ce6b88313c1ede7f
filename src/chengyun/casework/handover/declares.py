from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.handover.notes import ShiftNote, failures
from chengyun.core.declarations import MenuEntry, SettingDeclaration
from chengyun.core.shapes import Number
from chengyun.people.backoffice.who import DESK
from chengyun.people.roles import COUNTY_WIDE

DECLARATIONS: list[object] = [
    MenuEntry(
        _("交接班"),
        "handover:list",
        order=845,
        group=DESK,
        roles=frozenset(map(str, COUNTY_WIDE)),
        icon="clipboard-check",
        for_county=True,
    ),
    ShiftNote(failures),
    SettingDeclaration(
        key="handover.early_minutes",
        title=_("可提前交班"),
        default=60,  # local rule
        shape=Number(0, 480),
        unit=_("分钟"),
        group=_("交接班"),
        help=_("班次结束前多久可以交班签字。本地规则。"),
    ),
    SettingDeclaration(
        key="handover.late_minutes",
        title=_("迟交的起点"),
        default=30,  # local rule
        shape=Number(0, 480),
        unit=_("分钟"),
        group=_("交接班"),
        help=_("班次结束后多久未签字算迟交；下一班结束仍未签字算漏交。本地规则。"),
    ),
]
