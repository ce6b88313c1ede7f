"""Tags of the case pages: filters in the address, case numbers, points on the map, pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases import filters, orders
from chengyun.casework.cases.models import Case, Picture
from chengyun.casework.cases.near import RADII, USUAL, Around, around
from chengyun.casework.cases.page import CasePage
from chengyun.casework.cases.queries import Nearby
from chengyun.casework.cases.workflow import STEPS
from chengyun.core import configuration, instants
from chengyun.core.declarations import CaseAction, CaseControl, CasePanel, ListAid, StepAid, Text, collect
from chengyun.people.roles import Role
from chengyun.ui.templatetags.ui_tags import LAMP_NAMES, lamp

register = template.Library()

TITLES = {
    "stage": _("环节"), "source": _("来源"), "minor": _("小类"), "township": _("街道"), "department": _("主办"),
    "since": _("自"), "until": _("至"), "urgent": _("紧急"), "q": _("查找"), "major": _("大类"),
    "area": _("范围"), "open": _("未办结"), "near": _("附近"),
}  # fmt: skip


@dataclass(frozen=True)
class Chip:
    name: str
    title: str
    value: str


@dataclass(frozen=True)
class Panel:
    """A block that an upper module adds to the case page, rendered."""

    title: Text
    content: str


@dataclass(frozen=True)
class Point:
    """What the map draws, and what its list says where no script runs."""

    lon: float
    lat: float
    lamp: str
    title: str
    url: str


@register.filter
def chips(chosen: Mapping[str, Any], options: Mapping[str, Iterable[tuple[str, str]]]) -> list[Chip]:
    """The filters in force in words; the lamp has chips of its own."""
    shown = [(name, value) for name, value in chosen.items() if name in TITLES]
    return [Chip(name, str(TITLES[name]), _words(name, value, options)) for name, value in shown]


def _words(name: str, value: Any, options: Mapping[str, Iterable[tuple[str, str]]]) -> str:
    if value is True:
        return ""
    if name == "area":
        return gettext("%d 个角的图形") % len(str(value).split(";"))
    if name == "near":
        found = around(str(value))
        return gettext("%(name)s %(metres)d 米内") % {"name": found.name, "metres": found.metres}
    return next((title for key, title in options.get(name, ()) if key == str(value)), str(value))


@register.simple_tag
def near_of(chosen: Mapping[str, Any]) -> Around | None:
    """The place of the filter «near» in parts, for its form."""
    return around(chosen["near"]) if chosen.get("near") else None


@register.simple_tag
def radii(found: Around | None) -> list[tuple[int, bool]]:
    """The distances offered, and which is chosen."""
    return [(metres, metres == (found.metres if found else USUAL)) for metres in RADII]


@register.simple_tag(takes_context=True)
def without(context: Context, name: str) -> str:
    """This address without one filter."""
    return _address(context, {name: None})


@register.simple_tag(takes_context=True)
def first_page(context: Context) -> str:
    return _address(context, {})


@dataclass(frozen=True)
class Offered:
    title: Text
    url: str
    is_on: bool


@register.simple_tag(takes_context=True)
def sorts(context: Context, usual: Text) -> list[Offered]:
    """The orders that a list offers, its own first; a queue's own is by due time."""
    now, in_queue = orders.sort_in(context["request"].GET), bool(context.get("is_queue"))
    offered = {"": usual} | {
        name: sort.title for name, sort in orders.SORTS.items() if not (in_queue and name == "due")
    }
    return [Offered(title, _address(context, {"sort": name or None}), name == now) for name, title in offered.items()]


@dataclass(frozen=True)
class SortedHead:
    """A head of the list by which it can be ordered: which way now, and what a click does."""

    title: Text
    url: str
    way: str  # ascending, descending, or blank


@register.simple_tag(takes_context=True)
def sorted_head(context: Context, column: str, title: str) -> SortedHead:
    """One click orders by it, another the other way round, a third gives the list its own order back. A page whose
    list `keeps_order` has no other to offer."""
    if context.get("keeps_order"):
        return SortedHead(title, "", "")
    now = orders.sort_in(context["request"].GET)
    ways = [name for name, sort in orders.SORTS.items() if sort.column == column]
    following = ways[ways.index(now) + 1 :] if now in ways else ways
    way = ("ascending" if orders.SORTS[now].is_rising else "descending") if now in ways else ""
    return SortedHead(title, _address(context, {"sort": following[0] if following else None}), way)


@register.inclusion_tag("cases/_lamps.html", takes_context=True)
def chip_lamps(context: Context) -> dict[str, Any]:
    chosen = context["request"].GET.get("lamp", "")
    lamps = [
        {"colour": colour, "name": name, "is_on": colour == chosen, "url": _lamp_address(context, colour, chosen)}
        for colour, name in LAMP_NAMES.items()
        if colour != "none"
    ]
    return {"lamps": lamps}


def _lamp_address(context: Context, colour: str, chosen: str) -> str:
    return _address(context, {"lamp": None if colour == chosen else colour})


def _address(context: Context, changes: Mapping[str, str | None]) -> str:
    params = context["request"].GET.copy()
    for name in filters.PLACES:
        params.pop(name, None)
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = value
    return f"?{params.urlencode()}"


@register.filter
def case_tail(number: str) -> str:
    """What tells a county's cases apart at a glance: month, day and count; the year (two digits) when it is another."""
    day, count = number[6:12], number[12:]
    return f"{day[2:] if day[:2] == instants.today().strftime('%y') else day}-{count}"


@register.filter
def waiting_for(case: Case) -> str:
    """Before whom the case lies: the role, and the department where it is not the centre's."""
    if not case.waits_for:
        return ""
    role = str(Role(case.waits_for).label)
    return f"{case.waits_department.short_name} {role}" if case.waits_department else role


@register.filter
def map_points(found: Iterable[Nearby]) -> list[Point]:
    return [
        Point(
            each.case.lon, each.case.lat, each.case.lamp(instants.now()), each.case.title, each.case.get_absolute_url()
        )
        for each in found
    ]


@register.simple_tag(takes_context=True)
def list_aids(context: Context, page: str) -> SafeString:
    """What the floors above add to the head of a list."""
    return mark_safe("".join(each.render(context["request"], page) for each in collect(ListAid)))


@register.inclusion_tag("cases/_undo.html", takes_context=True)
def undo_toast(context: Context, page: CasePage) -> dict[str, Any]:
    """The last step, where it was this reader's own and may still be taken back; without a statement."""
    last, actor = page.lines[0].step, context["request"].actor
    left = float(configuration.value("casework.undo_seconds", page.case.township_code))
    left -= (instants.now() - last.at).total_seconds()
    row = STEPS.get(last.verb)
    may = row and row.undoable and last.by_user_id == actor.user_id and last.seq == page.case.version and left > 1
    found = {"step": last if may else None, "title": row.title if row else "", "seconds": int(left), "case": page.case}
    return found | {"csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("cases/_panels.html", takes_context=True)
def case_panels(context: Context, case: Case) -> dict[str, Any]:
    """What the floors above know of this case; blank panels are left out."""
    rendered = [Panel(each.title, each.render(context["request"], case)) for each in collect(CasePanel)]
    return {"panels": [panel for panel in rendered if panel.content]}


@register.inclusion_tag("cases/_aids.html", takes_context=True)
def step_aids(context: Context, case: Case, verb: str) -> dict[str, Any]:
    rendered = [each.render(context["request"], case, verb) for each in collect(StepAid)]
    return {"aids": [aid for aid in rendered if aid]}


@register.inclusion_tag("cases/_actions.html", takes_context=True)
def case_actions(context: Context, case: Case) -> dict[str, Any]:
    request = context["request"]
    actions = [each for each in collect(CaseAction) if each.offered is None or each.offered(request, case)]
    controls = [each.render(request, case) for each in collect(CaseControl)]
    return {"actions": actions, "case": case, "controls": [control for control in controls if control]}


# The words of <picture-compare>, which makes its own buttons.
COMPARE = {
    "title": _("照片对比"), "previous": _("上一组，←"), "next": _("下一组，→"), "smaller": _("缩小，-"),
    "larger": _("放大，+"), "reset": _("复位，0"), "slide": _("叠放对比，s"), "slideShort": _("叠放"),
    "cut": _("分界线"), "close": _("关闭，Esc"), "original": _("下载原图"),
}  # fmt: skip


@register.simple_tag
def compare_words() -> str:
    return json.dumps({name: str(text) for name, text in COMPARE.items()}, ensure_ascii=False)


@register.simple_tag
def now_lamp(case: Case) -> SafeString:
    """A shape alone; its name stands beside it for those who hear the page."""
    return lamp(case.lamp(instants.now()) or "none")


@register.simple_tag
def picture_url(picture: Picture, size: str) -> str:
    """Without fetching the file's row; who may see it is asked when it is served."""
    return reverse("core:file", args=[picture.file_id, size])
