"""Places as WGS-84 degrees, longitude first: distances, boxes, and the way back from the two shifted systems."""

from __future__ import annotations

from collections.abc import Callable
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt

from chengyun.core.errors import UserError

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
SYSTEMS = ("wgs84", "gcj02", "bd09")

# GCJ-02 is defined on the Krassovsky 1940 ellipsoid.
_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
_BD09_TURN = pi * 3000 / 180
_CLOSE_DEGREES = 1e-9  # about 0.1 mm

Point = tuple[float, float]
Shift = Callable[[float, float], Point]


def metres_between(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance (haversine)."""
    half_lat = sin(radians(lat2 - lat1) / 2)
    half_lon = sin(radians(lon2 - lon1) / 2)
    chord = half_lat * half_lat + cos(radians(lat1)) * cos(radians(lat2)) * half_lon * half_lon
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def box_around(lon: float, lat: float, metres: float) -> tuple[float, float, float, float]:
    """(min_lon, min_lat, max_lon, max_lat) of a box that holds the whole circle."""
    tall = degrees(metres / EARTH_RADIUS_M)
    # A circle's widest point lies a little nearer to the pole than its centre.
    widest = sin(metres / EARTH_RADIUS_M) / max(cos(radians(lat)), 1e-9)
    wide = degrees(asin(widest)) if widest < 1 else 180.0
    return lon - wide, lat - tall, lon + wide, lat + tall


def to_wgs84(lon: float, lat: float, system: str) -> Point:
    if system == "wgs84":
        return lon, lat
    if system == "gcj02":
        return _undo(wgs84_to_gcj02, lon, lat)
    if system == "bd09":
        return _undo(wgs84_to_gcj02, *_undo(gcj02_to_bd09, lon, lat))
    raise UserError("坐标系不认识，请填 wgs84、gcj02 或 bd09。", field="system")


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    if _is_outside_china(lon, lat):
        return lon, lat
    east, north = _offset_metres(lon - 105.0, lat - 35.0)
    bend = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    metres_per_lat = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (bend * sqrt(bend))
    metres_per_lon = _SEMI_MAJOR_M / sqrt(bend) * cos(radians(lat))
    return lon + degrees(east / metres_per_lon), lat + degrees(north / metres_per_lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    length = hypot(lon, lat) + 0.00002 * sin(lat * _BD09_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD09_TURN)
    return length * cos(angle) + 0.0065, length * sin(angle) + 0.006


def _undo(shift: Shift, lon: float, lat: float) -> Point:
    """The point that `shift` moves to (lon, lat). There is no closed form; the shift is smooth, a few rounds do."""
    guess_lon, guess_lat = lon, lat
    for _ in range(20):
        there_lon, there_lat = shift(guess_lon, guess_lat)
        miss_lon, miss_lat = there_lon - lon, there_lat - lat
        guess_lon, guess_lat = guess_lon - miss_lon, guess_lat - miss_lat
        if abs(miss_lon) < _CLOSE_DEGREES and abs(miss_lat) < _CLOSE_DEGREES:
            break
    return guess_lon, guess_lat


def _is_outside_china(lon: float, lat: float) -> bool:
    return not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271)


def _offset_metres(x: float, y: float) -> Point:
    """East and north offset of GCJ-02 for a point `x`, `y` degrees from 105°E 35°N (the published polynomial)."""
    root = sqrt(abs(x))
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    return east, north
