from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MenuEntry
from chengyun.insight.access import READERS

DECLARATIONS: list[object] = [
    MenuEntry(_("统计"), "statistics:pivot", order=72, roles=READERS, icon="chart-bar"),
]
