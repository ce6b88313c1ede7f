"""What only the map shows: a river that passes the town, and a building on each block."""

from __future__ import annotations

import math
from collections.abc import Iterator

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from chengyun.demo.county.countryside import COUNTY_RADIUS
from chengyun.demo.county.plane import Point, degrees
from chengyun.demo.county.regions import County
from chengyun.demo.county.town import Town

RIVER = "云泽河"
RIVER_WIDTH = 70.0
# How far the river's middle runs west of the town's, in metres.
RIVER_WEST = -4300.0
# A building takes this part of its block, from its middle.
BUILT_SHARE = 0.62


def river(county: County) -> BaseGeometry:
    reach = int(COUNTY_RADIUS * 1.3)
    line = [(RIVER_WEST + 700 * math.sin(y / 2600) + 260 * math.sin(y / 900), y) for y in range(-reach, reach, 150)]
    ring = LineString(line).buffer(RIVER_WIDTH / 2).exterior.coords
    land = shapely.union_all([region.shape for region in county.level("township")])
    return shapely.intersection(Polygon([degrees((x, y)) for x, y in ring]), land)


def buildings(town: Town) -> Iterator[list[Point]]:
    """The ring of each building, in degrees."""
    for row, column in town.blocks():
        corners = town.block(row, column)[:-1]
        middle = [sum(corner[axis] for corner in corners) / 4 for axis in (0, 1)]
        ring = [_towards(middle, corner) for corner in corners]
        yield [*ring, ring[0]]


def _towards(middle: list[float], corner: Point) -> Point:
    lon, lat = (middle[axis] + (corner[axis] - middle[axis]) * BUILT_SHARE for axis in (0, 1))
    return round(lon, 6), round(lat, 6)
