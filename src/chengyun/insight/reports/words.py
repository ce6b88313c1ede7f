"""Figures as a report writes them: 5,828 (GB/T 15835), 98.87, 增长 3.2%."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

NONE: Final = "—"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def written(fact: Mapping[str, Any], value: float | None) -> str:
    if value is None:
        return NONE
    if fact["share"]:
        return f"{value:.2f}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def compared(fact: Mapping[str, Any], now: float | None, before: float | None) -> str:
    """How `now` stands to `before`; of a share in points of a per cent."""
    if now is None or before is None or (not fact["share"] and before == 0):
        return _("无可比数据")
    if fact["share"]:
        points = round(now, 2) - round(before, 2)
        if abs(points) < 0.005:
            return _("持平")
        words = _("提高 %.2f 个百分点") if points > 0 else _("降低 %.2f 个百分点")
        return words % abs(points)
    share = (now - before) / before * 100
    if abs(share) < 0.05:
        return _("持平")
    return (_("增长 %.1f%%") if share > 0 else _("下降 %.1f%%")) % abs(share)


def deviation(fact: Mapping[str, Any], by: float | None) -> str:
    """+62 件, −1.20 个百分点: how far from what is due."""
    if by is None:
        return NONE
    size = f"{abs(by):.2f}" if fact["share"] else f"{abs(by):,.{0 if float(round(by, 1)).is_integer() else 1}f}"
    sign = "" if not size.strip("0.") else "+" if by > 0 else "−"
    return f"{sign}{size} {_('个百分点') if fact['share'] else fact['unit']}"


def mark(number: int) -> str:
    """Of the nth correction."""
    return _CIRCLED[number - 1] if number <= len(_CIRCLED) else f"[{number}]"


def of_figure(fact: Mapping[str, Any]) -> str:
    """The figure in words: title, narrowing, period."""
    of = f"（{fact['of']}）" if fact["of"] else ""
    return f"{fact['title']}{of} {fact['from']} – {fact['to']}"
