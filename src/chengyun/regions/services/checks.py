"""Do the pieces of a file make one whole: every child in its parent, no two over each other, nothing left out?

Outlines drawn twice never agree to the last digit. What is narrower than `SLIVER_M` is taken as drawing, not as land.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, radians

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chengyun.core.geometry import EARTH_RADIUS_M
from chengyun.regions.codes import ABOVE
from chengyun.regions.models import Level
from chengyun.regions.services.pieces import Fault, Piece

SLIVER_M = 1.0  # local rule: the accuracy at which boundaries of cells are drawn
METRES_PER_DEGREE = EARTH_RADIUS_M * pi / 180


def check(pieces: Sequence[Piece], *, gaps: bool = True) -> list[Fault]:
    by_code = {piece.code: piece for piece in pieces}
    faults = list(_orphans(pieces, by_code))
    children = _children(pieces, by_code)
    for code, below in children.items():
        faults += _outside(below, by_code[code])
        faults += _overlaps(below)
        if gaps:
            faults += _gaps(below, by_code[code])
    return sorted(faults, key=lambda fault: fault.feature)


def _children(pieces: Sequence[Piece], by_code: dict[str, Piece]) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.parent_code in by_code:
            found.setdefault(piece.parent_code, []).append(piece)
    return found


def _orphans(pieces: Sequence[Piece], by_code: dict[str, Piece]) -> Iterator[Fault]:
    top = next((level for level in Level if any(piece.level == level for piece in pieces)), None)
    for piece in pieces:
        parent = by_code.get(piece.parent_code)
        if parent is None and piece.level != top:
            words = _("上级 %(code)s 不在文件里，请补上或核对代码。")
            yield piece.fault("no_parent", "parent_code", words % {"code": piece.parent_code})
        if parent is not None and parent.level != ABOVE.get(piece.level):
            words = _("上级 %(code)s 不是高一级的区域，请核对。")
            yield piece.fault("wrong_parent", "parent_code", words % {"code": piece.parent_code})


def _outside(below: Sequence[Piece], parent: Piece) -> Iterator[Fault]:
    shapely.prepare(parent.shape)
    inside = shapely.covers(parent.shape, _shapes(below))
    for piece, is_inside in zip(below, inside.tolist(), strict=True):
        land = None if is_inside else _land(shapely.difference(piece.shape, parent.shape))
        if land is not None:
            words = _("有 %(area)s 平方米在上级 %(code)s 之外（%(place)s），请改上级或改边界。")
            yield piece.fault("outside_parent", "geometry", words % {"code": parent.code, **_where(land)}, land)


def _overlaps(below: Sequence[Piece]) -> Iterator[Fault]:
    shapes = _shapes(below)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    common = shapely.intersection(shapes[first], shapes[second])
    for index in np.flatnonzero(shapely.area(common) > 0).tolist():
        land = _land(common[index])
        if land is not None:
            piece, other = below[second[index]], below[first[index]]
            words = _("与 %(code)s 重叠 %(area)s 平方米（%(place)s），请改正其中一个的边界。")
            yield piece.fault("overlap", "geometry", words % {"code": other.code, **_where(land)}, land)


def _gaps(below: Sequence[Piece], parent: Piece) -> Iterator[Fault]:
    rest = shapely.difference(parent.shape, shapely.union_all(_shapes(below)))
    for part in shapely.get_parts(rest).tolist():
        land = _land(part)
        if land is not None:
            words = _("下级没有盖满，缺 %(area)s 平方米（%(place)s），请补上或扩大下级边界。")
            yield parent.fault("gap", "geometry", words % _where(land), land)


def _shapes(pieces: Sequence[Piece]) -> NDArray[np.object_]:
    shapes = np.empty(len(pieces), dtype=object)
    shapes[:] = [piece.shape for piece in pieces]
    return shapes


def _land(shape: BaseGeometry) -> BaseGeometry | None:
    """The shape where it is wide enough to be land, else None."""
    polygons = [part for part in shapely.get_parts(shape).tolist() if part.area > 0]
    wide = [part for part in polygons if not shapely.buffer(part, -SLIVER_M / 2 / METRES_PER_DEGREE).is_empty]
    return shapely.union_all(wide) if wide else None


def _where(shape: BaseGeometry) -> dict[str, str]:
    point = shapely.point_on_surface(shape)
    area = shape.area * METRES_PER_DEGREE**2 * cos(radians(point.y))
    return {"area": f"{area:.0f}", "place": f"{point.x:.6f}, {point.y:.6f}"}
