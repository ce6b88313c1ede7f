from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import MapLayer, MenuEntry, ScreenAlarm, SettingDeclaration
from chengyun.core.shapes import ListOf, Number, Words
from chengyun.insight.access import READERS
from chengyun.people.roles import COUNTY_WIDE, Role
from chengyun.web.screen import cases, standing
from chengyun.web.screen.tiles import TILES

DECLARATIONS: list[object] = [
    MenuEntry(
        _("大屏"), "screen:wall", order=48, roles=frozenset(map(str, COUNTY_WIDE)), icon="device-desktop", key="w"
    ),
    MenuEntry(_("领导简报"), "screen:pocket", order=47, roles=frozenset({str(Role.LEADER)}), icon="report"),
    *TILES,
    ScreenAlarm("urgent", cases.urgent),
    MapLayer(
        "heat",
        _("近 30 天上报热力"),
        "screen:heat",
        order=58,
        roles=frozenset(map(str, READERS)),
        shown=False,
        form="heat",
        colour="--map-2",
        on_screen=True,
    ),
    SettingDeclaration(
        key="screen.scene_seconds",
        title=_("每个场景停留"),
        default=30,
        shape=Number(10, 600),
        unit=_("秒"),
        group=_("大屏"),
        help=_("大屏在总览、部门、乡镇街道、当前超期之间轮播；空格键暂停，方向键换场景。"),
    ),
    SettingDeclaration(
        key=standing.SETTING,
        title=_("大屏账号不因闲置退出"),
        default=[],
        shape=ListOf(Words(150, required=True), _("登录名"), most=20),
        group=_("大屏"),
        help=_(
            "这些登录名打开大屏时不因闲置或一次登录的最长时间退出；为此它们只能查看，不能办理或修改任何内容。"
            "请为大屏专设账号，只给看得见大屏的岗位；谁走近屏幕都能点开它看得见的案件。"
        ),
    ),
]
