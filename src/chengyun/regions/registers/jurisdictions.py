"""Jurisdictions, to be read: they come and go as whole versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.people.access import Actor
from chengyun.people.backoffice.who import CENTRE, PLACES
from chengyun.people.models import Department
from chengyun.people.registers.declaration import Column, Filter, Panel, Register, Rows, Usage
from chengyun.people.registers.uses import USES, uses_of
from chengyun.regions.models import Level, NamedPlace, Region, ResponsibilityGrid
from chengyun.regions.queries import townships

# The whole of a region is in view.
ZOOMS = {Level.PREFECTURE: 8, Level.COUNTY: 9, Level.TOWNSHIP: 11, Level.COMMUNITY: 13, Level.CELL: 16}


class RegionForm(forms.Form):
    """A region as it is read; nothing of it is changed here."""

    code = forms.CharField(label=gettext_lazy("代码"))
    name = forms.CharField(label=gettext_lazy("名称"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("层级"), choices=Level.choices)
    parent_code = forms.CharField(label=gettext_lazy("上级代码"), required=False)
    area_class = forms.CharField(label=gettext_lazy("区域类别"), required=False)

    def __init__(self, data: Any, row: Region) -> None:
        super().__init__(data, initial={name: getattr(row, name) for name in self.base_fields})


def _map(row: Region, actor: Actor) -> Mapping[str, Any]:
    return {"zoom": ZOOMS[Level(row.level)]}


def _versions(row: Region, actor: Actor) -> Mapping[str, Any]:
    """The region in each version that has it, the newest first; whether its border is that of the one before."""
    same = Region.objects.filter(code=row.code, version__is_staging=False).select_related("version")
    found = list(same.prefetch_related("version__terms").order_by("version__imported_at", "version_id"))
    shapes = [None, *(bytes(each.shape) for each in found)]
    told = [_told(each, before) for each, before in zip(found, shapes, strict=False)]
    return {"versions": list(reversed(told))}


def _told(region: Region, before: bytes | None) -> dict[str, Any]:
    counted = [term.from_day for term in region.version.terms.all() if not term.is_withdrawn]
    border = "" if before is None else _("未变") if bytes(region.shape) == before else _("有变化")
    return {"region": region, "from_day": min(counted, default=None), "border": border}


def _uses(row: Region, actor: Actor) -> Mapping[str, Any]:
    return {"uses": uses_of(row, instants.today(), reader=actor), "is_told": True}


def _in_township(rows: Rows, code: str) -> Rows:
    return rows.filter(code__startswith=code)


REGIONS = Register(
    key="regions",
    title=gettext_lazy("区划"),
    group=PLACES,
    order=810,
    icon="hierarchy",
    help=gettext_lazy("县、乡镇街道、社区（村）、单元网格。边界成套导入，成套切换；案件保留立案时的版本。"),
    model=Region,
    rows=lambda: Region.objects.filter(version__is_active=True).defer("shape"),
    columns=[
        Column(gettext_lazy("代码"), "code", sort="code"),
        Column(gettext_lazy("名称"), "name"),
        Column(gettext_lazy("层级"), "level"),
        Column(gettext_lazy("上级代码"), "parent_code"),
        Column(gettext_lazy("区域类别"), lambda row: row.area_class or _("默认")),
    ],
    readers=CENTRE,
    sort=("code",),
    search=("code", "name"),
    search_hint=gettext_lazy("代码或名称"),
    filters=[
        Filter("level", gettext_lazy("层级"), lambda: Level.choices, "level"),
        Filter("township", gettext_lazy("乡镇街道"), townships, _in_township),
    ],
    form=RegionForm,
    panels=[
        Panel(gettext_lazy("位置"), "regions/_region_map.html", _map),
        Panel(gettext_lazy("历次版本"), "regions/_region_versions.html", _versions),
        Panel(gettext_lazy("用在哪里"), USES, _uses),
    ],
)


def _grids_in(region: Region) -> Rows:
    grids: Rows = ResponsibilityGrid.objects.filter(cells__cell_code__startswith=region.code).distinct()
    return grids


USAGES = [
    Usage(ResponsibilityGrid, "", gettext_lazy("责任网格"), used=Region, rows=_grids_in),
    Usage(
        Region,
        "",
        gettext_lazy("下级区划"),
        used=Region,
        rows=lambda region: Region.objects.filter(version=region.version_id, parent_code=region.code).defer("shape"),
    ),
    Usage(
        Department,
        "",
        gettext_lazy("部门"),
        used=Region,
        rows=lambda region: Department.objects.filter(region_code=region.code),
    ),
    Usage(
        NamedPlace,
        "",
        gettext_lazy("地名"),
        used=Region,
        rows=lambda region: NamedPlace.objects.filter(township_code=region.code).defer("shape"),
    ),
]
