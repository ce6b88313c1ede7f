"""The register of base tiles from outside."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.people.access import Actor
from chengyun.people.backoffice.who import ADMINS, INSTALLATION, ORGANISERS
from chengyun.people.registers.book import Heading
from chengyun.people.registers.cells import Cell, one_of, plain
from chengyun.people.registers.declaration import Action, Column, Register, Rows, Usage
from chengyun.people.registers.earlier import way_back
from chengyun.people.registers.row_book import RowBook
from chengyun.web.mapdesk import tile_sources
from chengyun.web.mapdesk.models import MapPreference, TileSource
from chengyun.web.mapdesk.tiles import DEEPEST, lacks_key

FIELDS = ("name", "address", "system", "credit", "min_zoom", "max_zoom", "sort_order")
ADDRESS_HELP = gettext_lazy(
    "含 {z}、{x}、{y}，需要时含 {s}（服务器 0 至 3）；密钥写在环境变量 CHENGYUN_MAP_KEY 里，地址中用 {key} 代替。"
    "填 tianditu 是天地图矢量，tianditu-image 是天地图影像。"
)
SYSTEM_HELP = gettext_lazy("天地图是 CGCS2000，与 WGS-84 一致；GCJ-02 的瓦片偏几百米，标明后只作参考，默认不打开。")


class TileSourceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=50)
    address = forms.CharField(
        label=gettext_lazy("地址"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=ADDRESS_HELP
    )
    system = forms.ChoiceField(label=gettext_lazy("坐标系"), choices=TileSource.System.choices, help_text=SYSTEM_HELP)
    credit = forms.CharField(
        label=gettext_lazy("署名"), max_length=100, help_text=gettext_lazy("写在地图下边：提供单位，有审图号的写审图号")
    )
    min_zoom = forms.IntegerField(label=gettext_lazy("最小级别"), min_value=0, max_value=DEEPEST, initial=0)
    max_zoom = forms.IntegerField(
        label=gettext_lazy("最大级别"),
        min_value=0,
        max_value=DEEPEST,
        initial=18,
        help_text=gettext_lazy("再放大时，用最后一级的图拉大"),
    )
    sort_order = forms.IntegerField(
        label=gettext_lazy("排序"), min_value=0, max_value=999, initial=0, help_text=gettext_lazy("大的画在上面")
    )

    def __init__(self, data: Any, row: TileSource | None = None) -> None:
        super().__init__(data, initial={name: getattr(row, name) for name in FIELDS} if row else None)


def _state(row: TileSource) -> str:
    if not row.is_valid_on(instants.today()):
        return _("已停用")
    return _("缺少密钥") if lacks_key(row) else _("使用中")


def _standing(day: dt.date) -> Rows:
    rows: Rows = TileSource.objects.on(day).order_by("pk")
    return rows


def _retire(row: TileSource, *, by: Actor, last_day: dt.date) -> None:
    tile_sources.retire(row, by=by)


def _offer_again(row: TileSource, *, by: Actor) -> str:
    tile_sources.offer_again(row, by=by)
    return _("已恢复使用，地图的图层里又有它了。")


def _who_shows(source: TileSource) -> Rows:
    """The people on whose map it is switched on."""
    rows: Rows = MapPreference.objects.filter(**{f"choices__layers__{source.layer_key}__on": True})
    return rows.select_related("user")


def _whole(text: str) -> int:
    if (number := whole(text, most=4)) is None:
        raise UserError(_("应为整数。"))
    return number


WHOLE = plain(str, _whole)
TILE_SOURCES = Register(
    key="tile-sources",
    title=gettext_lazy("外部底图"),
    group=INSTALLATION,
    order=958,
    icon="map-2",
    help=gettext_lazy("地图工作台在本县矢量图之外可以打开的底图；一个都没有也能用，不需要互联网。"),
    model=TileSource,
    columns=[
        Column(gettext_lazy("名称"), "name"),
        Column(gettext_lazy("状态"), _state),
        Column(gettext_lazy("坐标系"), "system"),
        Column(gettext_lazy("地址"), "address"),
        Column(gettext_lazy("署名"), "credit"),
        Column(gettext_lazy("级别"), lambda row: f"{row.min_zoom}–{row.max_zoom}"),
        Column(gettext_lazy("排序"), "sort_order", num=True),
    ],
    readers=ADMINS,
    changers=ORGANISERS,
    sort=("sort_order", "pk"),
    form=TileSourceForm,
    create=tile_sources.add,
    change=tile_sources.change,
    retire=_retire,
    retire_now=True,
    retire_rule=gettext_lazy("停用后地图的图层里不再有它，页面也不再访问它的服务器。"),
    bulk_fields=("system", "credit", "min_zoom", "max_zoom"),
    actions=[
        Action(
            "offer-again",
            gettext_lazy("恢复使用"),
            _offer_again,
            ORGANISERS,
            shown=lambda row: row.valid_to is not None,
            rule=gettext_lazy("从现在起又在地图的图层里。"),
        ),
        way_back(FIELDS, tile_sources.change, ORGANISERS),
    ],
    titles={"valid_to": gettext_lazy("有效期至")},
    book=RowBook(
        name="外部底图",
        cells=(
            Cell(Heading("名称", "最多 50 字", required=True, width=20), attrgetter("name"), "name"),
            Cell(
                Heading("地址", "含 {z}、{x}、{y}；密钥的位置写 {key}", required=True, width=70),
                attrgetter("address"),
                "address",
            ),
            Cell(
                Heading(
                    "坐标系", "天地图选 WGS-84 / CGCS2000", tuple(map(str, TileSource.System.labels)), required=True
                ),
                attrgetter("system"),
                "system",
                one_of(TileSource.System.choices),
            ),
            Cell(Heading("署名", "提供单位、审图号", required=True, width=30), attrgetter("credit"), "credit"),
            Cell(Heading("最小级别", "0 至 22", required=True), attrgetter("min_zoom"), "min_zoom", WHOLE),
            Cell(Heading("最大级别", "0 至 22", required=True), attrgetter("max_zoom"), "max_zoom", WHOLE),
            Cell(Heading("排序", "大的画在上面", required=True), attrgetter("sort_order"), "sort_order", WHOLE),
        ),
        key=("名称",),
        rows=_standing,
        create=tile_sources.add,
        change=tile_sources.change,
        retire=_retire,
        tables=(TileSource,),
        notes=(gettext_lazy("每行一个底图，名称确定一个；按完整清单导入时，表里没有的现在停用。"),),
    ),
)

DECLARATIONS: list[object] = [
    TILE_SOURCES,
    Usage(MapPreference, "", gettext_lazy("地图上打开着它的人"), used=TileSource, rows=_who_shows),
]
