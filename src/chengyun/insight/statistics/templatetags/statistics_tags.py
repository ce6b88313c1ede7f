"""Figures of a table: each a link to the page that explains it and lists its cases."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.links import Told, address
from chengyun.insight.statistics import behind
from chengyun.insight.statistics.asked import COMPARISONS, Where
from chengyun.insight.statistics.periods import DATED
from chengyun.insight.statistics.pivot import Answer, Cell, Change, Row
from chengyun.insight.statistics.risk_store import Said
from chengyun.insight.statistics.stays import HANDLE, Stay
from chengyun.insight.statistics.telling import number
from chengyun.insight.templatetags.figures import NONE as DASH
from chengyun.ui.templatetags.ui_tags import grouped

register = template.Library()

# A longer address does not pass every proxy; such a figure opens the table with its rows one by one.
MOST_KEYS = 40


@register.simple_tag
def cell_value(answer: Answer, cell: Cell) -> SafeString:
    return format_html('<a href="{}">{}</a>', _address(answer, cell), number(cell.value.value))


def _address(answer: Answer, cell: Cell) -> str:
    if sum(map(len, cell.where.values())) > MOST_KEYS:
        return f"{reverse('statistics:pivot')}?{answer.asked.query(top=0)}"
    figure = answer.figures[cell.indicator.key]
    told = Told(figure.as_of.cursor, figure.as_of.at, cell.value.value)
    return address(cell.indicator.key, answer.asked.period, {**answer.asked.where, **cell.where}, told)


@register.simple_tag
def change_mark(answer: Answer, cell: Cell, name: str) -> SafeString:
    """▲ 12.3 %, and what it was on the pointer; coloured only where the indicator says which way is praise."""
    told = cell.changes.get(name)
    if told is None:
        return format_html('<span class="muted" title="{}">{}</span>', _("这个指标只说现在，不作比较"), DASH)
    then = address(cell.indicator.key, answer.compared[name], {**answer.asked.where, **_undated(cell)})
    words = _("%(name)s期 %(value)s") % {"name": COMPARISONS[name], "value": number(told.then.value)}
    return format_html('<a class="change {}" href="{}" title="{}">{}</a>', _mood(cell, told), then, words, _by(told))


def _undated(cell: Cell) -> Where:
    """What the cell is narrowed by, without its day: the period that is compared has others."""
    return {key: values for key, values in cell.where.items() if key not in DATED}


def _by(told: Change) -> str:
    if told.by is None:
        return DASH if not told.then.value else ""
    arrow = "▲" if told.by > 0.05 else "▼" if told.by < -0.05 else "＝"
    size = f"{abs(told.by):.1f}"
    return f"{arrow} {size} {_('点') if told.is_points else '%'}"


def _mood(cell: Cell, told: Change) -> str:
    better = str(cell.indicator.better)
    if told.by is None or not better or abs(told.by) <= 0.05:
        return "change-none"
    return "change-good" if (told.by > 0) == (better == "more") else "change-bad"


@register.simple_tag
def plain_value(cell: Cell) -> str:
    return number(cell.value.value)


@register.simple_tag
def plain_change(cell: Cell, name: str) -> str:
    return _by(cell.changes[name]) if name in cell.changes else DASH


@register.simple_tag
def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


@register.simple_tag
def reason_words(said: Said) -> str:
    """小类“暴露垃圾”：320 件中 14 % 超期."""
    told = {
        "group": DIMENSIONS[said.group].title,
        "name": said.name or _("未填"),
        "count": grouped(said.reason.count),
        "rate": percent(said.reason.rate),
    }
    return _("%(group)s“%(name)s”：%(count)s 件中 %(rate)s 超期") % told


@register.simple_tag
def hours(value: float) -> str:
    """Short stays are told in minutes too: 0.1 says too little."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


@register.simple_tag
def behind_stays(frame: str, by: str, stay: Stay) -> str:
    """The address of the cases of these stays; `by` is clock or department."""
    if by == "clock":
        return behind.address(frame, clock=stay.key)
    return behind.address(frame, clock=HANDLE, department="" if stay.key is None else stay.key)


@register.simple_tag
def share(cell: Cell) -> str:
    return DASH if cell.share is None else f"{cell.share:.1f} %"


@register.simple_tag
def deeper(answer: Answer, row: Row) -> str:
    """The same question, about this row alone, by what lies below it."""
    asked = answer.asked
    below = BELOW.get(asked.rows)
    if below is None or row.is_rest or row.key in (None, ""):
        return ""
    query = asked.query(where={**asked.where, asked.rows: [row.key]}, rows=below, columns="", top=0, sort="")
    return f"{reverse('statistics:pivot')}?{query}"


BELOW = {
    "county": "township", "township": "community", "community": "cell", "major": "class", "kind": "major",
    "class": "department", "department": "class", "source": "major", "year": "month", "month": "day", "week": "day",
    "season": "month", "weekday": "hour", "stage": "department",
}  # fmt: skip
