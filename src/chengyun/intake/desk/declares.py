from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.rights import MAY_REPORT
from chengyun.core.declarations import MenuEntry

DECLARATIONS: list[object] = [MenuEntry(_("登记"), "desk:new", order=15, roles=MAY_REPORT, icon="plus", key="n")]
