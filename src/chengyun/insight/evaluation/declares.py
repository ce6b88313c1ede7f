from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MenuEntry
from chengyun.insight.evaluation.access import ANYBODY

DECLARATIONS: list[object] = [
    MenuEntry(_("评价"), "evaluation:home", order=76, roles=ANYBODY, icon="medal", key="v"),
]
