"""A made-up county for tests: one county, two townships, a community each, 3 × 3 cells per community.

Codes begin with 990101, which GB/T 2260 gives to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry import Polygon, box

from chengyun.core import instants
from chengyun.regions.models import GridCell, Level, Region, RegionVersion, ResponsibilityGrid

COUNTY = "990101"
WEST, EAST = "990101001", "990101002"
STEP = 0.01  # degrees per cell
LON, LAT = 117.0, 37.0


def square(column: int, row: int, width: int = 1, height: int = 1) -> Polygon:
    """Cells counted from the south-west corner; a township is 3 × 3 of them."""
    lon, lat = LON + column * STEP, LAT + row * STEP
    return box(lon, lat, lon + width * STEP, lat + height * STEP)


def middle(column: int, row: int) -> tuple[float, float]:
    return LON + (column + 0.5) * STEP, LAT + (row + 0.5) * STEP


def regions(columns: int = 3) -> Iterator[tuple[Level, str, str, Polygon]]:
    """(level, code, parent code, shape) of the whole county; `columns` cells from west to east per township."""
    yield Level.COUNTY, COUNTY, "", square(0, 0, 2 * columns, 3)
    for number, township in enumerate((WEST, EAST)):
        left = number * columns
        community = township + "001"
        yield Level.TOWNSHIP, township, COUNTY, square(left, 0, columns, 3)
        yield Level.COMMUNITY, community, township, square(left, 0, columns, 3)
        for index in range(columns * 3):
            yield Level.CELL, f"{community}{index + 1:03}", community, square(left + index % columns, index // columns)


def region(version: RegionVersion, level: Level, code: str, parent: str, shape: Polygon, **fields: object) -> Region:
    min_lon, min_lat, max_lon, max_lat = shape.bounds
    return Region(
        version=version,
        level=level,
        code=code,
        parent_code=parent,
        shape=shapely.to_wkb(shape),
        min_lon=min_lon,
        min_lat=min_lat,
        max_lon=max_lon,
        max_lat=max_lat,
        centre_lon=shape.centroid.x,
        centre_lat=shape.centroid.y,
        **fields,
    )


def active_version(rows: Iterator[tuple[Level, str, str, Polygon]] | None = None) -> RegionVersion:
    version = RegionVersion.objects.create(name="试验县", imported_at=instants.now(), is_active=True)
    Region.objects.bulk_create(region(version, *row) for row in (rows or regions()))
    return version


def grid(code: str, *cells: str, **fields: object) -> ResponsibilityGrid:
    made = ResponsibilityGrid.objects.create(code=code, name=code, **fields)
    GridCell.objects.bulk_create(GridCell(grid=made, cell_code=cell) for cell in cells)
    return made
