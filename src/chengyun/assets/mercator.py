"""Places as whole numbers on the square of the web map, x to the east and y to the south, 2**30 a side. Pure.

A step is under four centimetres. Tile z/x/y holds the numbers from x << (30 - z) on, so tiles and heaps of points are
shifts of these columns in any database.
"""

from __future__ import annotations

from math import asinh, atan, degrees, pi, radians, sinh, tan

BITS = 30
SIDE = 1 << BITS


def steps(lon: float, lat: float) -> tuple[int, int]:
    """(x, y) of WGS-84 degrees; what lies beyond the map's edge (85°) is on the edge."""
    x = (lon + 180) / 360
    y = (1 - asinh(tan(radians(lat))) / pi) / 2
    return _inside(x), _inside(y)


def degrees_of(x: float, y: float) -> tuple[float, float]:
    """(lon, lat) of a step."""
    return x / SIDE * 360 - 180, degrees(atan(sinh(pi * (1 - 2 * y / SIDE))))


def _inside(share: float) -> int:
    return min(max(int(share * SIDE), 0), SIDE - 1)
