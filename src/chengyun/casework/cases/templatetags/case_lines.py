"""A hundred cases on a page: the template of a line is rendered once, with holes, and filled for each case.

Rendered anew for each line it cost two thirds of the page's processor time. What is put into a hole is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from urllib.parse import quote

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chengyun.casework.cases.rows import Row
from chengyun.casework.cases.templatetags.case_tags import case_tail
from chengyun.ui.templatetags.ui_tags import lamp, local_time, remaining

register = template.Library()

HOLES = (
    "id", "number", "tail", "url", "title", "class_name", "address", "place", "source", "stage", "department", "lamp",
    "left", "urgent", "supplemented", "moment", "current", "lon", "lat",
)  # fmt: skip


@register.simple_tag
def case_lines(rows: Iterable[Row], line: str, selected: str = "", *, by_change: bool = False) -> SafeString:
    """`line` names the template of one line; its holes are HOLES. Its moment is the report's, or the last change's."""
    language = get_language()
    pattern, words = _pattern(line, language), _words(language)
    base = reverse("cases:case", args=["0"]).removesuffix("0/")
    return mark_safe("".join(pattern.format_map(_filling(row, base, words, selected, by_change)) for row in rows))


@lru_cache
def _pattern(line: str, language: str | None) -> str:
    return render_to_string(line, {name: mark_safe(f"{{{name}}}") for name in HOLES})


@lru_cache
def _words(language: str | None) -> dict[str, str]:
    """What a line says of some cases only."""
    marks = {"urgent": ("over", _("紧急")), "supplemented": ("near", _("有补充"))}
    words = {name: f'<span class="tag tag-{looks}">{escape(text)}</span>' for name, (looks, text) in marks.items()}
    lamps = {"": lamp("none")} | {colour: lamp(colour) for colour in ("green", "yellow", "red", "grey")}
    return words | lamps | {"paused": lamp("grey", _("暂停")), "nowhere": escape(_("地点待补"))}


def _filling(row: Row, base: str, words: dict[str, str], selected: str, by_change: bool) -> dict[str, str | float]:
    case = row.case
    return {
        "id": case.pk,
        "number": escape(case.number),
        "tail": escape(case_tail(case.number)),
        "url": f"{base}{quote(case.number)}/",
        "title": escape(case.title),
        "class_name": escape(case.class_name),
        "address": (address := escape(case.address)),
        "place": address or words["nowhere"],
        "source": escape(row.source),
        "stage": escape(row.stage),
        "department": escape(row.department),
        "lamp": words[row.lamp],
        "left": _left(row, words),
        "urgent": words["urgent"] if case.is_urgent else "",
        "supplemented": words["supplemented"] if case.unseen_supplements else "",
        "moment": local_time(case.last_step_at if by_change else case.reported_at),
        "lon": "" if case.lon is None else case.lon,
        "lat": "" if case.lat is None else case.lat,
        "current": ' aria-current="true"' if case.number == selected else "",
    }


def _left(row: Row, words: dict[str, str]) -> str:
    if row.lamp == "grey":
        return words["paused"]
    if row.left is None:
        return ""
    case = row.case
    return remaining(row.lamp, row.left, case.due_unit, due_at=case.due_at, yellow_at=case.yellow_at, ticks=row.ticks)
