"""The register's pages that everybody may read: list, one component, the census in figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengyun.assets import lists, panels, summary, told
from chengyun.assets.forms import BulkForm, PhotoForm
from chengyun.assets.models import Component
from chengyun.assets.queries import component_for
from chengyun.assets.rights import may_keep
from chengyun.assets.services import editing
from chengyun.core import files
from chengyun.people.middleware import ActorRequest
from chengyun.regions.queries import region_names


@require_GET
def component_list(request: ActorRequest) -> HttpResponse:
    filters, offered = lists.chosen(request.GET), lists.options()
    page = lists.page_of(request.GET)
    townships = dict(offered["township"])
    context = {
        "page": page,
        "rows": [(each, townships.get(each.township_code, "")) for each in page.components],
        "filters": filters,
        "options": offered,
        "chips": lists.chips(filters, offered, request.GET.dict()),
        "query": request.GET.get("q", ""),
        "may_change": may_keep(request.actor),
        "bulk_form": BulkForm(),
        "address": request.get_full_path(),
    }
    return render(request, "assets/list.html", context)


@require_GET
def component(request: ActorRequest, identifier: str) -> HttpResponse:
    row = component_for(identifier)
    context = {
        "component": row,
        "facts": _facts(row),
        "photos": _photos(row),
        "history": told.history(row),
        "panels": panels.rendered(request, row),
        "may_change": may_keep(request.actor),
        "photo_form": PhotoForm(),
    }
    return render(request, "assets/component.html", context)


def _photos(row: Component) -> list[dict[str, str]]:
    found = files.attached_to(editing.FILES, row.pk)
    return [{"thumb": files.url(each, "thumb"), "view": files.url(each, "view"), "name": each.name} for each in found]


def _facts(row: Component) -> list[tuple[str, Any]]:
    """Title and value of each attribute of the standard that has one, in its order."""
    names = region_names([row.township_code, row.community_code])
    facts = [
        (_("小类"), f"{row.minor.name} {row.class_code}"),
        (_("主管部门"), _unit(row.manager)),
        (_("权属单位"), _unit(row.owner)),
        (_("养护单位"), _unit(row.maintainer)),
        (_("所在道路"), row.road),
        (_("街道乡镇"), names.get(row.township_code, row.township_code)),
        (_("社区（村）"), names.get(row.community_code, row.community_code)),
        (_("单元网格"), row.cell_code),
        (_("坐标"), f"{row.lon:.7f}, {row.lat:.7f}"),
        (_("精度等级"), row.get_accuracy_display() if row.accuracy else ""),
        (_("初始日期"), row.initial_date.isoformat()),
        (_("变更日期"), row.changed_date.isoformat() if row.changed_date else ""),
        (_("数据来源"), row.get_source_display() if row.source else ""),
        (_("原标识码"), row.former_identifier),
        (_("备注"), row.note),
    ]
    return [(title, value) for title, value in facts if value]


def _unit(unit: Any) -> str:
    return f"{unit.name} {unit.code}".strip() if unit else ""


@require_GET
def figures(request: ActorRequest) -> HttpResponse:
    """The census: how many of each class in which state, and per township."""
    return render(request, "assets/summary.html", {"summary": summary.summary()})
