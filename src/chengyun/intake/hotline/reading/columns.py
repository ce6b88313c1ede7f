"""Which column of a file holds which field: guessed from the header, or told by `--map field=column`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.tables.records import FileFault
from chengyun.language.terms import normalise

LABELS = {
    "source_id": gettext_lazy("工单编号"),
    "received_at": gettext_lazy("受理时间"),
    "title": gettext_lazy("标题"),
    "text": gettext_lazy("诉求内容"),
    "name": gettext_lazy("来电人"),
    "phone": gettext_lazy("联系电话"),
    "address": gettext_lazy("地址"),
    "kind": gettext_lazy("诉求类型"),
    "likes": gettext_lazy("点赞数"),
    "dislikes": gettext_lazy("反对数"),
}
REQUIRED = ("received_at", "text")

# Best first: where a file has several of them, the first is taken. «序号» is no order number: it restarts in each file.
ALIASES = {
    "source_id": "工单编号 工单号 工单编码 工单ID 受理编号 诉求编号 留言编号 信件编号 业务编号 流水号 编号"
    " order_no order_id ticket_id source_id msg_id message_id id",
    "received_at": "受理时间 来电时间 诉求时间 登记时间 留言时间 反映时间 接收时间 提交时间 创建时间"
    " 工单时间 受理日期 时间 日期 received_at submitted_at created_at received created datetime time date",
    "title": "工单标题 诉求标题 留言主题 来电主题 信件标题 标题 主题 title subject",
    "text": "诉求内容 工单内容 反映内容 来电内容 留言内容 留言详情 投诉内容 问题描述 诉求描述 内容 详情 描述 正文"
    " text content words description body message detail",
    "name": "来电人姓名 来电人 诉求人 反映人 投诉人 市民姓名 留言用户 联系人 姓名 用户"
    " caller_name caller reporter name user username",
    "phone": "联系电话 来电号码 来电电话 手机号码 手机号 手机 电话 联系方式 caller_phone phone mobile telephone tel",
    "address": "事发地址 事发地点 发生地址 发生地点 诉求地址 问题地址 地址 地点 address location place",
    "kind": "诉求类型 诉求类别 工单类型 业务类型 类型 类别 kind type category",
    "likes": "点赞数 赞成数 支持数 点赞 likes",
    "dislikes": "反对数 点踩数 反对 dislikes",
}


@dataclass(frozen=True)
class Columns:
    """`places` says at which position each field stands; `header` is as the file has it."""

    header: tuple[str, ...]
    places: Mapping[str, int]

    def name(self, field: str) -> str:
        """The column's own name, or the field's where the file has no such column."""
        return self.header[self.places[field]] if field in self.places else str(LABELS[field])

    @property
    def ignored(self) -> list[str]:
        used = set(self.places.values())
        return [name for at, name in enumerate(self.header) if name and at not in used]


def guess(header: Sequence[str], told: Mapping[str, str] | None = None) -> Columns:
    """What is told stands, a blank column meaning none; the rest is guessed.

    Raises FileFault when a required field has no column or a column cannot be told apart.
    """
    told = told or {}
    names = [_key(name) for name in header]
    places = {field: _place(names, header, column) for field, column in told.items() if column}
    for field, aliases in ALIASES.items():
        if field not in told and (place := _first(names, aliases, set(places.values()))) is not None:
            places[field] = _only(names, header, place)
    missing = [str(LABELS[field]) for field in REQUIRED if field not in places]
    if missing:
        sentence = _("没有找到“%(missing)s”列，请用 --map 指明；表头是：%(header)s")
        raise FileFault(sentence % {"missing": "”“".join(missing), "header": _shown(header)})
    return Columns(tuple(header), places)


def is_header(header: Sequence[str], told: Mapping[str, str] | None = None) -> bool:
    try:
        guess(header, told)
    except FileFault:
        return False
    return True


def parse_told(pairs: Sequence[str]) -> dict[str, str]:
    """`["text=反映问题"]` → {"text": "反映问题"}; the field may be written by its Chinese name too."""
    told = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        field = _field(name)
        if not equals or not field or not column.strip():
            sentence = _("“%(pair)s”应写成 字段=列名，字段是其中之一：%(fields)s")
            raise FileFault(sentence % {"pair": pair[:60], "fields": " ".join(LABELS)})
        told[field] = column.strip()
    return told


def _field(name: str) -> str:
    key = _key(name)
    return next((field for field in LABELS if key in {_key(field), *_keys(ALIASES[field])}), "")


def _first(names: Sequence[str], aliases: str, taken: set[int]) -> int | None:
    for alias in _keys(aliases):
        if alias in names and (place := names.index(alias)) not in taken:
            return place
    return None


def _place(names: Sequence[str], header: Sequence[str], column: str) -> int:
    key = _key(column)
    if not key or key not in names:
        raise FileFault(
            _("表头里没有“%(column)s”列；表头是：%(header)s") % {"column": column, "header": _shown(header)}
        )
    return _only(names, header, names.index(key))


def _only(names: Sequence[str], header: Sequence[str], place: int) -> int:
    if names.count(names[place]) > 1:
        raise FileFault(_("表头“%s”出现了不止一次，请改名后再导入") % _shown([header[place]]))
    return place


def _keys(aliases: str) -> list[str]:
    return [_key(alias) for alias in aliases.split()]


def _key(name: str) -> str:
    """Case, width, blanks, stars and brackets do not part names: «＊诉求内容（必填）» is 诉求内容."""
    return re.sub(r"[\W_]+", "", re.sub(r"\((必填|选填)\)", "", normalise(name)))


def _shown(header: Sequence[str]) -> str:
    """Fit for a terminal: a file must not send it control sequences."""
    names = ("".join(sign if sign.isprintable() else "�" for sign in name[:20]) for name in header[:30] if name)
    return "、".join(names) or _("（空）")
