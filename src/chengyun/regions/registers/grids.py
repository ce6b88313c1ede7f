"""Responsibility grids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy

from chengyun.core.who import Doer
from chengyun.people.backoffice.cells import DEPARTMENT, PERSON, department_codes
from chengyun.people.backoffice.who import CENTRE, KEEPERS, PLACES
from chengyun.people.registers.book import Heading
from chengyun.people.registers.cells import Cell
from chengyun.people.registers.declaration import Column, Register, Rows
from chengyun.people.registers.row_book import RowBook
from chengyun.regions.grid_form import GridForm
from chengyun.regions.models import GridCell, ResponsibilityGrid
from chengyun.regions.registers.shared import TITLES
from chengyun.regions.services import grids


def _change_grid(
    row: ResponsibilityGrid, *, by: Doer, valid_from: dt.date | None = None, **given: Any
) -> ResponsibilityGrid:
    held = {name: given.get(name, getattr(row, name)) for name in ("department", "collector")}
    cells = given.get("cells")
    if cells is not None and set(cells) != set(row.cells.values_list("cell_code", flat=True)):
        row = grids.change_cells(row, by=by, cells=cells, from_day=valid_from)
    if (held["department"], held["collector"]) != (row.department, row.collector):
        row = grids.assign_grid(row, by=by, from_day=valid_from, **held)
    return row


def _same_grid(row: ResponsibilityGrid) -> Sequence[ResponsibilityGrid]:
    return list(ResponsibilityGrid.objects.filter(code=row.code))


def _standing_grids(day: dt.date) -> Rows:
    rows = ResponsibilityGrid.objects.on(day).select_related("department", "collector")
    counted: Rows = rows.annotate(size=Count("cells")).order_by("code")
    return counted


GRIDS = Register(
    key="grids",
    title=gettext_lazy("责任网格"),
    group=PLACES,
    order=820,
    icon="polygon",
    help=gettext_lazy("若干单元网格归一名采集员巡查、一个部门负责。换人换部门从某一天起，之前立案的照旧。"),
    model=ResponsibilityGrid,
    rows=lambda: ResponsibilityGrid.objects.select_related("department", "collector").annotate(size=Count("cells")),
    columns=[
        Column(gettext_lazy("名称"), "name", sort="name"),
        Column(gettext_lazy("代码"), "code", sort="code"),
        Column(gettext_lazy("责任部门"), lambda row: row.department or ""),
        Column(gettext_lazy("采集员"), lambda row: row.collector or ""),
        Column(gettext_lazy("单元网格数"), "size", num=True),
        Column(gettext_lazy("自"), "valid_from"),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("code", "valid_from"),
    search=("name", "code", "collector__name", "department__name"),
    search_hint=gettext_lazy("名称、代码、采集员或部门"),
    form=GridForm,
    create=grids.create_grid,
    change=_change_grid,
    retire=grids.close_grid,
    bulk_fields=("collector", "department"),
    same_thing=_same_grid,
    titles=TITLES,
    book=RowBook(
        name="责任网格",
        cells=(
            Cell(Heading("代码", required=True), attrgetter("code"), "code"),
            Cell(Heading("名称", told_only=True, width=24), attrgetter("name")),
            Cell(
                Heading("责任部门", "部门代码，也可填名称或简称；没有则留空", department_codes),
                attrgetter("department"),
                "department",
                DEPARTMENT,
            ),
            Cell(Heading("采集员", "登录名；没有则留空", width=16), attrgetter("collector"), "collector", PERSON),
            Cell(Heading("采集员姓名", told_only=True), lambda row: row.collector.name if row.collector else ""),
            Cell(Heading("单元网格数", told_only=True, width=10), lambda row: str(row.size)),
        ),
        key=("代码",),
        label=("代码", "名称"),
        rows=_standing_grids,
        change=_change_grid,
        tables=(ResponsibilityGrid, GridCell),
        dated=True,
        notes=(
            gettext_lazy("每行一个责任网格，按代码对应；这里改的是由谁负责，从生效日期起有效，之前立案的照旧。"),
            gettext_lazy("新的责任网格、它由哪些单元网格组成，在页面的图上办理。"),
        ),
    ),
)
