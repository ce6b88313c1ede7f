"""Cases inside a polygon that somebody drew: `lon,lat;lon,lat;…`, WGS-84 degrees, straight in degrees between corners.

The database decides exactly, row by row, behind the index on place; so lists page, stop and export as with any filter,
and no cap falsifies them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import shapely
from django import forms
from django.db import connection
from django.db.models import BooleanField, Count, Func, Max, QuerySet
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.orders import Looked
from chengyun.core.errors import UserError

Corner = tuple[float, float]
Corners = tuple[Corner, ...]

MOST_CORNERS = 200
MANY = 10_000
# 200 corners of two numbers with six decimals.
LONGEST = MOST_CORNERS * 24


def corners_of(text: str) -> Corners:
    """The corners, the first not repeated at the end; UserError when they bound no area."""
    try:
        found = tuple(_corner(part) for part in text.split(";") if part.strip())
    except ValueError as error:
        raise UserError(_("范围应是“经度,纬度;经度,纬度;…”。"), field="area") from error
    corners = found[:-1] if len(found) > 1 and found[0] == found[-1] else found
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise UserError(_("范围应有 3 到 %(most)d 个角。") % {"most": MOST_CORNERS}, field="area")
    if not shapely.Polygon(corners).is_valid:
        raise UserError(_("范围的边不能交叉，请重画。"), field="area")
    return corners


def _corner(text: str) -> Corner:
    lon, lat = (float(number) for number in text.split(","))
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError(text)
    return lon, lat


def inside(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    corners = corners_of(text)
    lons, lats = [lon for lon, _lat in corners], [lat for _lon, lat in corners]
    return within(cases, min(lons), min(lats), max(lons), max(lats)).filter(Inside(corners))


def within(cases: QuerySet[Case], west: float, south: float, east: float, north: float) -> QuerySet[Case]:
    box = {"lat__range": (south, north), "lon__range": (west, east)}
    if connection.vendor == "sqlite" and _holds_many(box):
        return cases.alias(seen=Looked("lat")).filter(seen__range=(south, north), lon__range=(west, east))
    return cases.filter(**box)


def _holds_many(box: dict[str, tuple[float, float]]) -> bool:
    """So many that the caller's own order comes upon a page of them before all could be compared and sorted: a page
    of a hundred asks for 100 × all / found rows there, and to compare and sort costs two a row."""
    known = Case.objects.filter(**box).values("pk")[:MANY].aggregate(found=Count("pk"), all=Max("pk"))
    return bool(known["found"] ** 2 > 50 * (known["all"] or 0))


class Inside(Func):
    """A ray from the point crosses the border an odd number of times."""

    output_field = BooleanField()

    def __init__(self, corners: Corners) -> None:
        super().__init__("lon", "lat")
        self.corners = corners

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, list[float]]:  # type: ignore[override]
        lon, lat = (compiler.compile(column)[0] for column in self.source_expressions)
        crossed = f"CASE WHEN ({lat} > %s) <> ({lat} > %s) AND {lon} < %s * ({lat} - %s) + %s THEN 1 ELSE 0 END"
        edges = list(_edges(self.corners))
        return f"(({' + '.join([crossed] * len(edges))}) %% 2 = 1)", [value for edge in edges for value in edge]


def _edges(corners: Corners) -> Iterator[tuple[float, float, float, float, float]]:
    """(y1, y2, slope, y1, x1) of each edge that is not level."""
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if y1 != y2:
            yield y1, y2, (x2 - x1) / (y2 - y1), y1, x1


class AreaField(forms.CharField):
    """Stays the text that it was, which is also what an address and a saved view hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            if text:
                corners_of(text)
        except UserError as error:
            raise forms.ValidationError(str(error)) from error
        return text
