from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.urgent.ladder import Rung
from chengyun.core.declarations import MenuEntry, SettingDeclaration
from chengyun.core.shapes import Number, Ranking, Several
from chengyun.people.backoffice.who import DESK
from chengyun.people.roles import COUNTY_WIDE, Role

DECLARATIONS: list[object] = [
    MenuEntry(
        _("紧急提醒"),
        "urgent:list",
        order=840,
        group=DESK,
        roles=frozenset(map(str, COUNTY_WIDE)),
        icon="speakerphone",
        for_county=True,
    ),
    SettingDeclaration(
        key="urgent.ack_minutes",
        title=_("紧急案件知悉时限"),
        # Local rule: no standard says how soon; three minutes is a walk back to the desk.
        default=3,
        shape=Number(0.5, 120, whole=False),
        unit=_("分钟"),
        group=_("紧急"),
        help=_("超过后按值班电话表逐个呼叫，每人等同样长的时间。本地规则。"),
    ),
    SettingDeclaration(
        key="urgent.roles",
        title=_("响铃的角色"),
        default=[str(role) for role in (Role.RECEIVER, Role.DUTY_CHIEF, Role.DISPATCHER)],
        shape=Several([(role.value, role.label) for role in Role if role in COUNTY_WIDE], least=1),
        group=_("紧急"),
        help=_("指挥中心中有这些角色的人，页面会响铃并可知悉。"),
    ),
    SettingDeclaration(
        key="urgent.ladder",
        title=_("呼叫的先后"),
        default=[str(rung) for rung in Rung],
        shape=Ranking(Rung.choices),
        group=_("紧急"),
        help=_("值班表中单独写了呼叫顺序的人，按值班表。"),
    ),
]
