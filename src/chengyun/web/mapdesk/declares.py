from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MapLayer, MenuEntry, SettingDeclaration
from chengyun.people.roles import ADMINISTRATORS, Role
from chengyun.web.mapdesk.people import MAY_SEE
from chengyun.web.mapdesk.tiles import check_tiles

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
    SettingDeclaration(
        key="map.tiles",
        title=_("外部底图瓦片"),
        default="",
        check=check_tiles,
        group=_("地图"),
        help=_(
            "留空只用本县自己的矢量图，不需要互联网。tianditu 为天地图矢量，tianditu-image 为天地图影像，"
            "也可填含 {z}、{x}、{y} 的地址；密钥写在环境变量 CHENGYUN_MAP_KEY 里，地址中用 {key} 代替。"
            "天地图是 CGCS2000 坐标，可直接使用；GCJ-02 坐标的瓦片会偏几百米，不要用。"
        ),
    ),
]
