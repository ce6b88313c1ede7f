"""Responsibility grids (责任网格): which cells belong together, and whose they are from which day on.

A change from a day on ends the row and begins another with the same code, so that a case keeps the one it was filed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import NotFound, UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.models import Department, User
from chengyun.regions.models import GridCell, Level, Region, ResponsibilityGrid
from chengyun.regions.services.importing import touch


@transaction.atomic
def create_grid(
    *,
    by: Doer,
    code: str,
    name: str,
    cells: Collection[str],
    department: Department | None = None,
    collector: User | None = None,
    valid_from: dt.date | None = None,
) -> ResponsibilityGrid:
    valid_from = valid_from or instants.today()
    if ResponsibilityGrid.objects.filter(code=code).on(valid_from).exists():
        raise UserError(_("这个责任网格代码已被使用。"), field="code")
    grid = ResponsibilityGrid(code=code, name=name, department=department, collector=collector, valid_from=valid_from)
    return _begin(grid, cells, by=by)


@transaction.atomic
def assign_grid(
    grid: ResponsibilityGrid,
    *,
    by: Doer,
    department: Department | None,
    collector: User | None,
    from_day: dt.date | None = None,
) -> ResponsibilityGrid:
    """Give the grid to somebody from that day on (today)."""
    return _follow(grid, from_day, by=by, department=department, collector=collector)


@transaction.atomic
def change_cells(
    grid: ResponsibilityGrid, *, by: Doer, cells: Collection[str], from_day: dt.date | None = None
) -> ResponsibilityGrid:
    return _follow(grid, from_day, by=by, cells=cells)


@transaction.atomic
def close_grid(grid: ResponsibilityGrid, *, by: Doer, last_day: dt.date | None = None) -> ResponsibilityGrid:
    grid = register.locked(grid)
    register.change(grid, {"valid_to": last_day or instants.today()}, by=by, action="closed")
    touch()
    return grid


def _follow(
    grid: ResponsibilityGrid,
    from_day: dt.date | None,
    *,
    by: Doer,
    cells: Collection[str] | None = None,
    **fields: Any,
) -> ResponsibilityGrid:
    from_day = from_day or instants.today()
    grid = register.locked(grid)
    if not grid.is_valid_on(from_day):
        raise UserError(_("责任网格在这一天无效，请核对日期。"), field="valid_from")
    kept = list(grid.cells.values_list("cell_code", flat=True))
    if from_day == grid.valid_from:
        return _correct(grid, cells, fields, by=by)
    last_day = grid.valid_to
    register.change(grid, {"valid_to": from_day - dt.timedelta(days=1)}, by=by, action="followed")
    people = {"department": grid.department, "collector": grid.collector} | fields
    follower = ResponsibilityGrid(code=grid.code, name=grid.name, valid_from=from_day, valid_to=last_day, **people)
    return _begin(follower, kept if cells is None else cells, by=by)


def _correct(
    grid: ResponsibilityGrid, cells: Collection[str] | None, fields: dict[str, Any], *, by: Doer
) -> ResponsibilityGrid:
    """The row begins that very day: it never was otherwise."""
    register.change(grid, fields, by=by)
    if cells is not None:
        before = sorted(grid.cells.values_list("cell_code", flat=True))
        grid.cells.all().delete()
        _put_cells(grid, cells)
        register.record(grid, "cells", {"cells": before}, {"cells": sorted(set(cells))}, by=by)
    touch()
    return grid


def _begin(grid: ResponsibilityGrid, cells: Collection[str], *, by: Doer) -> ResponsibilityGrid:
    register.store(grid, by=by)
    _put_cells(grid, cells)
    touch()
    return grid


def _put_cells(grid: ResponsibilityGrid, cells: Collection[str]) -> None:
    codes = sorted(set(cells))
    _check_known(codes)
    _check_free(codes, grid)
    GridCell.objects.bulk_create(GridCell(grid=grid, cell_code=code) for code in codes)


def _check_known(codes: Collection[str]) -> None:
    if not codes:
        raise UserError(_("请至少选一个单元网格。"), field="cells")
    cells = Region.objects.filter(version__is_active=True, level=Level.CELL)
    unknown = sorted(set(codes) - set(cells.values_list("code", flat=True)))
    if unknown:
        raise NotFound(_("没有单元网格 %(codes)s，请核对代码。") % {"codes": _some(unknown)}, field="cells")


def _check_free(codes: Collection[str], grid: ResponsibilityGrid) -> None:
    others = GridCell.objects.filter(grid__in=ResponsibilityGrid.objects.on(grid.valid_from)).exclude(grid=grid)
    taken = others.annotate(grid_code=F("grid__code")).values_list("cell_code", "grid_code")
    found = sorted(f"{cell}（{code}）" for cell, code in taken if cell in set(codes))
    if found:
        raise UserError(_("单元网格 %(codes)s 已属于别的责任网格。") % {"codes": _some(found)}, field="cells")


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return "、".join(names[:5]) + (_(" 等 %(count)s 个") % {"count": len(names)} if len(names) > 5 else "")
