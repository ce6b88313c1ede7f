from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MenuEntry
from chengyun.core.exports import Export
from chengyun.insight.access import READERS
from chengyun.insight.targets.export import COLUMNS, exported, prepared
from chengyun.insight.targets.registers import GROUP, PLANS, TARGETS

DECLARATIONS: list[object] = [
    MenuEntry(_("完成情况"), "targets:targets", order=759, group=GROUP, roles=READERS, icon="gauge"),
    Export("targets", _("计划与目标"), COLUMNS, exported, READERS, prepared),
    PLANS,
    TARGETS,
]
