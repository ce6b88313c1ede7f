from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MenuEntry
from chengyun.core.exports import Export
from chengyun.insight.access import READERS
from chengyun.insight.targets.export import COLUMNS, exported, prepared
from chengyun.insight.targets.registers import PLANS, TARGETS

DECLARATIONS: list[object] = [
    MenuEntry(_("计划与目标"), "targets:targets", order=76, roles=READERS, icon="target"),
    Export("targets", _("计划与目标"), COLUMNS, exported, READERS, prepared),
    PLANS,
    TARGETS,
]
