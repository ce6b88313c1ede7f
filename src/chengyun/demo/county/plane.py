"""Metres east and north of the county's centre, and degrees (WGS-84) on a grid of 1e-6."""

from __future__ import annotations

import math

CENTRE_LON = 117.1
CENTRE_LAT = 37.25
GRID = 1e-6
METRES_PER_DEGREE_LAT = 110_990.0
METRES_PER_DEGREE_LON = 111_320.0 * math.cos(math.radians(CENTRE_LAT))

Point = tuple[float, float]


def degrees(point: Point) -> Point:
    lon = CENTRE_LON + point[0] / METRES_PER_DEGREE_LON
    lat = CENTRE_LAT + point[1] / METRES_PER_DEGREE_LAT
    return round(lon, 6), round(lat, 6)


def metres(lon: float, lat: float) -> Point:
    return (lon - CENTRE_LON) * METRES_PER_DEGREE_LON, (lat - CENTRE_LAT) * METRES_PER_DEGREE_LAT
