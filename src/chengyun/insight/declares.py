from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MenuEntry
from chengyun.insight import extra
from chengyun.insight.access import READERS

DECLARATIONS: list[object] = (
    [MenuEntry(_("指标"), "figures:figures", order=58, roles=READERS, icon="gauge", key="i")]
    if extra.is_installed()
    else []
)
