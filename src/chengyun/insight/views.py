"""Pages of figures: all indicators of a period, and one figure with its formula and the cases behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.figures import links, pages
from chengyun.insight.figures.asking import ask_many, indicator_for
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.indicator import indicators
from chengyun.insight.figures.links import Address
from chengyun.insight.figures.measuring import Figure, dimension
from chengyun.insight.figures.periods import Preset, presets
from chengyun.people.middleware import ActorRequest


@require_GET
def figures(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "figures/absent.html")
    asked, fault = _asked(request)
    found = ask_many(request.actor, [each.key for each in indicators()], asked.period, where=asked.where)
    before = _a_year_before(request, asked, list(found))
    rows: list[dict[str, Any]] = [{"figure": each, "before": before.get(key)} for key, each in found.items()]
    context = {
        "counts": [row for row in rows if row["figure"].indicator.over is None],
        "shares": [row for row in rows if row["figure"].indicator.over],
        **_surroundings(request, asked, fault),
    }
    return render(request, "figures/figures.html", context)


def _a_year_before(request: ActorRequest, asked: Address, keys: list[str]) -> dict[str, Figure]:
    """Nothing where the year before lies before all time that is counted."""
    try:
        period = asked.period.year_before
    except UserError:
        return {}
    return ask_many(request.actor, keys, period, where=asked.where)


@require_GET
def figure(request: ActorRequest, key: str) -> HttpResponse:
    check_reads(request.actor)
    indicator = indicator_for(key)
    if not extra.is_installed():
        return render(request, "figures/absent.html")
    asked, fault = _asked(request)
    split, before = request.GET.get("by", ""), request.GET.get("before", "")
    page = pages.page_of(
        request.actor, indicator, asked,
        part=request.GET.get("part", pages.OF),
        by=split if split in DIMENSIONS else "",
        before=whole(before),
    )  # fmt: skip
    older = _address(request, before=str(page.older)) if page.older else ""
    context = {
        "page": page, "indicator": indicator, "older_url": older, "is_first": not before,
        "first_url": _address(request, before=""), "of_url": _address(request, part="", before=""),
        "over_url": _address(request, part=pages.OVER, before=""),
        "dimensions": DIMENSIONS.values(), "split": dimension(split) if split in DIMENSIONS else None,
        **_surroundings(request, asked, fault),
    }  # fmt: skip
    return render(request, "figures/figure.html", context)


def _asked(request: ActorRequest) -> tuple[Address, str]:
    """What the address asks; what it cannot ask is said, and the year so far is shown."""
    try:
        return links.read(request.GET, by=request.actor), ""
    except UserError as error:
        return links.read(type(request.GET)(""), by=request.actor), str(error)


def _surroundings(request: ActorRequest, asked: Address, fault: str) -> dict[str, Any]:
    kept = [(name, value) for name, value in asked.query if name == "where"]
    split = request.GET.get("by", "")
    kept += [("by", split)] if split in DIMENSIONS else []
    return {
        "asked": asked, "fault": fault, "kept": kept,
        "presets": [(each, _preset_url(each, kept), each.period == asked.period) for each in presets(today())],
        "scope": _("全部案件") if request.actor.county_wide else _("您能看到的案件"),
    }  # fmt: skip


def _preset_url(preset: Preset, kept: list[tuple[str, str]]) -> str:
    return f"?{urlencode([*links.Address(preset.period).query, *kept])}"


def _address(request: ActorRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
