from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases import exports, registers
from chengyun.casework.cases.personal import HOLDERS
from chengyun.casework.cases.positions import reported_places
from chengyun.casework.cases.queries import may_take_original, sees_case
from chengyun.casework.cases.rules import SETTINGS
from chengyun.casework.cases.writer import FILES
from chengyun.core.declarations import FileOwner, MenuEntry, PositionSource, SettingDeclaration
from chengyun.core.exports import Export
from chengyun.core.shapes import Words
from chengyun.people.roles import ADMINISTRATORS, Role

# The three administrators (三员) keep the installation; cases are not their business.
AT_WORK = frozenset(Role) - ADMINISTRATORS

DECLARATIONS: list[object] = [
    *SETTINGS,
    *HOLDERS,
    *registers.DECLARATIONS,
    SettingDeclaration(
        "installation.division_code",
        _("行政区划代码"),
        "000000",
        Words(6),
        help=_("GB/T 2260 六位代码，用作案件编号的开头"),
    ),
    PositionSource("reports", reported_places),
    FileOwner(FILES, sees_case, may_take_original),
    MenuEntry(_("我的待办"), "cases:queue", order=10, roles=AT_WORK, icon="inbox", key="q"),
    MenuEntry(_("案件"), "cases:list", order=20, roles=AT_WORK, icon="files", key="c"),
    Export("cases", _("案件"), exports.CASE_COLUMNS, exports.all_cases, AT_WORK, exports.rows_of_cases),
    Export("queue", _("我的待办"), exports.CASE_COLUMNS, exports.queued_cases, AT_WORK, exports.rows_of_cases),
    Export("notices", _("通知"), exports.NOTICE_COLUMNS, exports.own_notices, AT_WORK),
]
