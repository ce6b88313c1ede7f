"""A responsibility grid's form: its cells by code, or by an area drawn around them."""

from __future__ import annotations

from typing import Any

import shapely
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.people.models import Department, User
from chengyun.people.register_forms import day_field
from chengyun.regions.drawing import MOST, AreaField, area_of, text_of
from chengyun.regions.models import Level, Region, ResponsibilityGrid
from chengyun.regions.outlines import SIMPLIFY_DEGREES
from chengyun.regions.queries import cells_within

MOST_CELLS = 20_000


class GridForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("代码"), max_length=32, help_text=gettext_lazy("建立后不能修改"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100, help_text=gettext_lazy("建立后不能修改"))
    department = forms.ModelChoiceField(
        label=gettext_lazy("责任部门"), queryset=Department.objects.none(), required=False
    )
    collector = forms.ModelChoiceField(label=gettext_lazy("采集员"), queryset=User.objects.none(), required=False)
    cells = forms.CharField(
        label=gettext_lazy("单元网格"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("15 位代码，用空格、逗号或换行隔开；一个单元网格只属于一个责任网格"),
        max_length=MOST_CELLS,
        required=False,
    )
    area = AreaField(label=gettext_lazy("在图上圈出"))
    valid_from = day_field(
        gettext_lazy("自哪天起"), required=True, help_text=gettext_lazy("之前的照旧；改动从这一天起有效")
    )

    def __init__(self, data: Any, row: ResponsibilityGrid | None = None) -> None:
        super().__init__(data, initial=_initial(row) if row else {"valid_from": instants.today()})
        department, collector = self.fields["department"], self.fields["collector"]
        assert isinstance(department, forms.ModelChoiceField) and isinstance(collector, forms.ModelChoiceField)
        department.queryset = Department.objects.on(instants.today()).order_by("sort_order", "code")
        collector.queryset = User.objects.filter(is_active=True)
        self.fields["area"].help_text = _("中心落在里面的单元网格归它；拖动各角可以增减，也可以重画")
        self.fields["code"].disabled = self.fields["name"].disabled = row is not None

    def clean_cells(self) -> list[str]:
        text: str = self.cleaned_data["cells"]
        return _codes(text)

    def clean(self) -> dict[str, Any]:
        """What was drawn anew decides; the service is told cells alone."""
        cleaned = super().clean() or {}
        drawn, before = (
            cleaned.pop("area", None),
            area_of(self.get_initial_for_field(self.fields["area"], "area") or ""),
        )
        is_drawn = drawn is not None and not (before and shapely.from_wkb(drawn).equals(before))
        is_typed = set(cleaned.get("cells") or ()) != set(_codes(self.initial.get("cells", "")))
        if is_drawn and is_typed:
            self.add_error("area", _("图上的区域和单元网格代码都改了，请只改其中一处。"))
        elif is_drawn:
            cleaned["cells"] = cells_within(drawn)
            if not cleaned["cells"]:
                self.add_error("area", _("圈出的区域里没有单元网格的中心，请画大一些。"))
        elif not cleaned.get("cells") and "cells" not in self.errors:
            self.add_error("cells", _("请至少选一个单元网格，或在图上圈出。"))
        return cleaned


def _codes(text: str) -> list[str]:
    return sorted(set(text.replace(",", " ").replace("，", " ").replace("、", " ").split()))


def _initial(row: ResponsibilityGrid) -> dict[str, Any]:
    cells = list(row.cells.order_by("cell_code").values_list("cell_code", flat=True))
    known = {name: getattr(row, name) for name in ("code", "name", "department", "collector")}
    return {
        **known,
        "cells": "\n".join(cells),
        "area": _outline(cells),
        "valid_from": max(instants.today(), row.valid_from),
    }


def _outline(cells: list[str]) -> str:
    """The border around the cells, as far as it is one line that can be dragged; blank where it is in pieces."""
    shapes = Region.objects.filter(version__is_active=True, level=Level.CELL, code__in=cells)
    union: Any = shapely.union_all([shapely.from_wkb(bytes(shape)) for shape in shapes.values_list("shape", flat=True)])
    outline: Any = union.simplify(SIMPLIFY_DEGREES[Level.TOWNSHIP])
    if outline.geom_type != "Polygon" or not len(outline.exterior.coords) <= MOST:
        return ""
    return text_of(shapely.to_wkb(outline))
