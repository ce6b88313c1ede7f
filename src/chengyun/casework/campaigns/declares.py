from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.campaigns.access import READERS
from chengyun.casework.campaigns.export import COLUMNS, exported
from chengyun.casework.campaigns.panel import case_panel
from chengyun.casework.campaigns.pictures import sees_evidence
from chengyun.casework.campaigns.section import build
from chengyun.casework.campaigns.services.working import AFTER, BEFORE
from chengyun.core.declarations import CasePanel, FileOwner, MenuEntry, ReportSection, SettingDeclaration
from chengyun.core.exports import Export
from chengyun.core.shapes import Number

DECLARATIONS: list[object] = [
    MenuEntry(_("专项行动"), "campaigns:campaigns", order=60, roles=READERS, icon="flag"),
    CasePanel(_("专项行动"), case_panel, order=60),
    ReportSection("campaigns", _("专项行动"), build, order=60, kinds=frozenset({"weekly", "monthly", "annual"})),
    FileOwner(BEFORE, sees_evidence),
    FileOwner(AFTER, sees_evidence),
    Export("campaigns", _("专项行动"), COLUMNS, exported, READERS),
    SettingDeclaration("campaigns.remind_days", _("任务到期前提醒"), 3, Number(0, 60), _("天"), _("专项行动")),
]
