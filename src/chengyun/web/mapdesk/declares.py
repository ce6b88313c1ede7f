from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MapLayer, MenuEntry
from chengyun.people.roles import ADMINISTRATORS, Role
from chengyun.web.mapdesk import registers
from chengyun.web.mapdesk.people import MAY_SEE

DECLARATIONS: list[object] = [
    MenuEntry(_("地图"), "mapdesk:page", order=30, roles=frozenset(Role) - ADMINISTRATORS, icon="map-2", key="m"),
    MapLayer(
        "people",
        _("人员最近位置"),
        "mapdesk:people",
        order=60,
        roles=frozenset(MAY_SEE),
        shown=False,
        by_box=True,
        form="point",
        colour="--map-1",
        label="label",
        on_screen=True,
    ),
    *registers.DECLARATIONS,
]
