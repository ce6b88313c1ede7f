from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MapLayer, MenuEntry
from chengyun.people.backoffice.who import PLACES
from chengyun.people.roles import Role
from chengyun.regions import registers

ORGANISERS = (Role.SYSTEM_ADMIN,)
READERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)

DECLARATIONS: list[object] = [
    *registers.DECLARATIONS,
    MenuEntry(
        title=_("区划版本和导入"),
        url_name="regions:versions",
        order=815,
        roles=frozenset(map(str, READERS)),
        icon="upload",
        group=PLACES,
    ),
    MapLayer(key="townships", title=_("乡镇街道"), url_name="regions:townships", order=10),
    MapLayer("county", _("县界"), "regions:county", order=5, colour="--ink-2"),
    MapLayer(
        "communities",
        _("社区（村）"),
        "regions:communities",
        order=12,
        shown=False,
        colour="--map-2",
        label="name",
        min_zoom=11,
    ),
    MapLayer(key="cells", title=_("单元网格"), url_name="regions:cells", order=20, shown=False),
    MapLayer(
        "grids",
        _("责任网格"),
        "regions:grids",
        order=22,
        shown=False,
        form="fill",
        colour="--map-3",
        label="name",
    ),
    MapLayer(
        "named",
        _("地名"),
        "regions:named",
        order=30,
        by_box=True,
        form="point",
        colour="--ink-2",
        label="name",
        min_zoom=13.5,
    ),
]
