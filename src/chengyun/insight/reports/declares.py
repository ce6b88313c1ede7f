from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MenuEntry, SettingDeclaration
from chengyun.core.shapes import Number, Several
from chengyun.insight.reports.access import READERS
from chengyun.insight.reports.models import REGULAR

DECLARATIONS: list[object] = [
    MenuEntry(_("报表"), "reports:reports", order=80, roles=READERS, icon="file-text", for_county=True),
    SettingDeclaration(
        "reports.by_themselves",
        _("自动起草的报表"),
        [str(kind) for kind in REGULAR],
        Several([(str(kind), kind.label) for kind in REGULAR]),
        group=_("报表"),
    ),
    SettingDeclaration("reports.hour", _("自动起草的时刻"), 7, Number(0, 23), _("时"), _("报表")),
]
