"""The list of components: filters from the address, newest first, pages by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengyun.assets.forms import ListFilter, class_choices
from chengyun.assets.models import Component, State, Unit
from chengyun.assets.queries import filtered, part_classes
from chengyun.core.digits import whole
from chengyun.regions.queries import townships

PAGE = 100
KEEP_S = 60


@dataclass(frozen=True)
class Page:
    components: Sequence[Component]
    # The query string of the next page; blank on the last.
    older: str
    is_first: bool


def chosen(params: Mapping[str, str]) -> dict[str, Any]:
    """The filters that the address names and that make sense."""
    form = ListFilter(params)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "", False)}


def wanted(params: Mapping[str, str]) -> QuerySet[Component]:
    """Components in service, or with `retired` those that no longer are, newest first."""
    filters = chosen(params)
    rows = Component.objects.filter(valid_to__isnull=not filters.pop("retired", False))
    return filtered(rows, filters).order_by("-id")


def page_of(params: Mapping[str, str]) -> Page:
    rows = wanted(params).select_related("manager", "maintainer")
    before = whole(params.get("before"))
    found = list((rows if before is None else rows.filter(pk__lt=before))[: PAGE + 1])
    older = ""
    if len(found) > PAGE:
        kept = {name: value for name, value in params.items() if name != "before"}
        older = urlencode(kept | {"before": found[PAGE - 1].pk})
    return Page(found[:PAGE], older, is_first=before is None)


def options() -> dict[str, Any]:
    """What the filters offer, read once a minute."""
    found: Any = cache.get_or_set("assets.filter_options", _read, KEEP_S)
    return {
        **found,
        "minor": [(code, title) for _group, choices in class_choices() for code, title in choices],
        "state": [(value, str(label)) for value, label in State.choices],
        "major": list({code[:2]: minor.major.name for code, minor in part_classes().items()}.items()),
    }


def _moved(value: str) -> str:
    move, first, last = value.split(":")
    words = {"begun": _("启用"), "changed": _("变更"), "ended": _("停用")}
    return f"{words[move]} {first} – {last}"


def _read() -> dict[str, list[tuple[str, str]]]:
    departments = Unit.objects.filter(department__isnull=False).order_by("department__sort_order", "department_id")
    named = {str(pk): name for pk, name in departments.values_list("department_id", "department__short_name")}
    return {"township": townships(), "department": list(named.items())}


def chips(filters: Mapping[str, Any], offered: Mapping[str, Any], params: Mapping[str, str]) -> list[dict[str, str]]:
    """The filters in force in words, each with the address that leaves it out."""
    titles = {
        "q": _("查找"), "minor": _("小类"), "state": _("状态"), "township": _("街道乡镇"),
        "department": _("主管部门"), "retired": _("已停用"), "major": _("大类"), "region": _("辖区"),
        "moved": "",
    }  # fmt: skip
    found = []
    for name, value in filters.items():
        if name == "moved":
            value = _moved(str(value))
        words = dict(offered.get(name, ())).get(str(value), "" if value is True else str(value))
        rest = {key: each for key, each in params.items() if key not in (name, "before")}
        found.append({"title": f"{titles[name]} {words}".strip(), "url": f"?{urlencode(rest)}"})
    return found
