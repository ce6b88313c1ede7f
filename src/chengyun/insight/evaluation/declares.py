from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MenuEntry
from chengyun.insight.evaluation.access import ANYBODY, READERS
from chengyun.people.backoffice.who import DESK

DECLARATIONS: list[object] = [
    MenuEntry(_("评价"), "evaluation:home", order=76, roles=READERS, icon="medal", key="v", for_county=True),
    # Whoever is evaluated opens it once a month: no place in the bar.
    MenuEntry(_("评价结果"), "evaluation:home", order=845, roles=ANYBODY, icon="medal", group=DESK, key="v"),
]
