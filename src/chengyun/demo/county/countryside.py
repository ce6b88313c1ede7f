"""The villages around the town: seats spread evenly, each with a small cell of houses and a ring of field cells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import shapely
from shapely import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from chengyun.demo.county.plane import Point, degrees, metres

COUNTY_RADIUS = 13_500.0
FIELD_CELLS = 5
SEAT_RADIUS = 420.0
# Even spacing of the seats comes from moving each to the middle of its own area a few times (Lloyd).
RELAXATIONS = 12


@dataclass(frozen=True)
class Village:
    """Seat first, then the field points; all in metres. `group` is the index of its township."""

    group: int
    points: tuple[Point, ...]


def outline(random: Random) -> list[Point]:
    """The county's border in metres: a circle with five slow waves."""
    waves = [(k, random.uniform(0.02, 0.07), random.uniform(0, 2 * math.pi)) for k in range(2, 7)]
    return [_border_point(2 * math.pi * i / 240, waves) for i in range(240)]


def _border_point(angle: float, waves: list[tuple[int, float, float]]) -> Point:
    radius = COUNTY_RADIUS * (1 + sum(size * math.sin(k * angle + phase) for k, size, phase in waves))
    return radius * math.cos(angle), radius * math.sin(angle)


def spread_seats(random: Random, land: Polygon, count: int) -> list[Point]:
    seats = [_point_in(random, land) for _ in range(count)]
    for _ in range(RELAXATIONS):
        areas = voronoi_in(seats, land)
        seats = [_centre(area) for area in areas]
    return seats


def _point_in(random: Random, land: Polygon) -> Point:
    min_x, min_y, max_x, max_y = land.bounds
    while True:
        x, y = random.uniform(min_x, max_x), random.uniform(min_y, max_y)
        if land.contains(shapely.Point(x, y)):
            return x, y


def _centre(area: BaseGeometry) -> Point:
    point = area.centroid if area.contains(area.centroid) else area.representative_point()
    return point.x, point.y


def voronoi_in(points: list[Point], land: Polygon) -> list[BaseGeometry]:
    """The part of `land` nearest to each point, in the order of the points."""
    diagram = shapely.voronoi_polygons(MultiPoint(points), extend_to=land, ordered=True)
    return [area.intersection(land) for area in diagram.geoms]


def group_seats(seats: list[Point], near: int, sizes: list[int]) -> list[int]:
    """The `near` seats closest to the town go to its four quarters (0-3), the rest by bearing into `sizes` (4-…)."""
    by_distance = sorted(range(len(seats)), key=lambda i: math.hypot(*seats[i]))
    groups = [0] * len(seats)
    for i in by_distance[:near]:
        groups[i] = quarter(seats[i])
    outer = sorted(by_distance[near:], key=lambda i: math.atan2(seats[i][1], seats[i][0]))
    start = 0
    for number, size in enumerate(sizes, start=4):
        for i in outer[start : start + size]:
            groups[i] = number
        start += size
    return groups


def quarter(point: Point) -> int:
    """South-west 0, south-east 1, north-west 2, north-east 3: the order of the town's street offices."""
    return (2 if point[1] > 0 else 0) + (1 if point[0] > 0 else 0)


def village_points(random: Random, seat: Point) -> tuple[Point, ...]:
    start = random.uniform(0, 2 * math.pi)
    ring = [_around(random, seat, start + 2 * math.pi * i / FIELD_CELLS) for i in range(FIELD_CELLS)]
    return (seat, *ring)


def _around(random: Random, seat: Point, angle: float) -> Point:
    angle += random.uniform(-0.2, 0.2)
    radius = SEAT_RADIUS * random.uniform(0.85, 1.15)
    return seat[0] + radius * math.cos(angle), seat[1] + radius * math.sin(angle)


def build_villages(random: Random, land: Polygon, near: int, sizes: list[int]) -> list[Village]:
    """`near` villages around the town and one group of each size around those, on `land` (in metres)."""
    seats = spread_seats(random, land, near + sum(sizes))
    groups = group_seats(seats, near, sizes)
    return [Village(group, village_points(random, seat)) for seat, group in zip(seats, groups, strict=True)]


def open_land(border: list[Point], town: list[Point]) -> Polygon:
    """Inside the county's border (metres), but not within 500 m of the town's edge (degrees)."""
    land = Polygon(border).difference(Polygon([metres(*point) for point in town]).buffer(500))
    assert isinstance(land, Polygon)
    return land


def ring_in_degrees(border: list[Point]) -> list[Point]:
    ring = [degrees(point) for point in border]
    return [*ring, ring[0]]
