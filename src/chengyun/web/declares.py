from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MapLayer, SettingDeclaration
from chengyun.core.shapes import Number, Words
from chengyun.web import basemap

DECLARATIONS: list[object] = [
    MapLayer(
        "water",
        _("水系"),
        "web:water",
        order=15,
        form="fill",
        colour="--map-water",
        label="name",
        offered=basemap.has("water"),
    ),
    MapLayer(
        "buildings",
        _("建筑"),
        "web:buildings",
        order=18,
        form="fill",
        colour="--line-2",
        min_zoom=13.5,
        offered=basemap.has("buildings"),
    ),
    MapLayer("roads", _("道路"), "web:all_roads", order=16, colour="--line-2", label="name"),
    SettingDeclaration(
        key="web.idle_minutes",
        title=_("无操作自动退出"),
        default=30,
        shape=Number(5, 480),
        unit=_("分钟"),
        group=_("登录"),
        help=_("离开座位后，页面自动要求重新登录；页面自己的轮询不算操作。"),
    ),
    SettingDeclaration(
        key="web.county_name",
        title=_("区县名称"),
        default="",
        shape=Words(20),
        group=_("页面"),
        help=_("显示在每页左上角。"),
    ),
]
