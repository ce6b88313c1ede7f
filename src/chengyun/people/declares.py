from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import SettingDeclaration
from chengyun.core.shapes import Fields, ListOf, Number, Several, Times
from chengyun.people import backoffice
from chengyun.people.models import DutyShift
from chengyun.people.roles import ADMINISTRATORS, Role

MERGEABLE = [(role.value, role.label) for role in Role if role not in ADMINISTRATORS]
SHIFTS = {name.value: (name.label, Times()) for name in DutyShift.Name}


DECLARATIONS = [
    *backoffice.DECLARATIONS,
    SettingDeclaration(
        key="people.merged_roles",
        title=_("合并的角色"),
        default=[],
        shape=ListOf(Several(MERGEABLE, least=2), _("组"), most=10),
        group=_("人员"),
        help=_("小的中心常把受理员和值班长合并：有其中一个角色就有整组角色。管理员角色不能合并。"),
    ),
    SettingDeclaration(
        key="people.shift_hours",
        title=_("班次时间"),
        # Local rule: three shifts of eight hours, the night's ending on the next day.
        default={"early": "07:30-15:30", "middle": "15:30-23:30", "night": "23:30-07:30"},
        shape=Fields(SHIFTS),
        group=_("人员"),
    ),
    SettingDeclaration(
        key="api.calls_per_minute",
        title=_("每个接口令牌的调用上限"),
        default=600,
        shape=Number(1, 100_000),
        unit=_("次/分钟"),
        group=_("人员"),
        help=_("按每个服务进程计算。"),
    ),
]
