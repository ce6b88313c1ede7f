"""53 main roads: 46 in the town, one county road to each rural township; and the lanes between them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from chengyun.demo.county import names
from chengyun.demo.county.plane import Point, degrees, metres
from chengyun.demo.county.regions import SEED, County, build_county
from chengyun.demo.county.town import BLOCKS, MAIN_ROAD_EVERY, Town

MIDDLE = BLOCKS // 2
TOWN_ROADS = 46
LANE_ENDINGS = ("巷", "胡同", "里")
_Line = Callable[[int, int, int], list[Point]]


@dataclass(frozen=True)
class Road:
    name: str
    is_main: bool
    points: tuple[Point, ...]
    # GB/T 2260 code of the rural township that a county road leads to; blank in the town.
    township_code: str = ""

    @property
    def length(self) -> float:
        line = [metres(*point) for point in self.points]
        return sum(math.dist(a, b) for a, b in zip(line, line[1:], strict=False))


@dataclass(frozen=True)
class Spot:
    """A point beside a road, `along` metres from its beginning, on its left or right side."""

    road: Road
    lon: float
    lat: float
    along: float
    is_left: bool

    @property
    def door(self) -> int:
        """Odd numbers on the left, even on the right, one about every eight metres."""
        return 2 * int(self.along // 16) + (1 if self.is_left else 2)

    @property
    def address(self) -> str:
        return f"{self.road.name}{self.door}号"


@cache
def build_roads(seed: int = SEED) -> tuple[Road, ...]:
    county = build_county(seed)
    return (*_main_roads(county), *_lanes(county.town))


def main_roads() -> tuple[Road, ...]:
    return tuple(road for road in build_roads() if road.is_main)


def _main_roads(county: County) -> list[Road]:
    lines = [*_main_lines(county.town.row_line), *_main_lines(county.town.column_line)]
    town = [Road(name, True, tuple(line)) for name, line in zip(names.words("roads"), lines, strict=False)]
    return [*town, *_county_roads(county)]


def _main_lines(line: _Line) -> list[list[Point]]:
    """The border lines and the middle one run through under one name, the others change it in the middle."""
    whole = [line(i, 0, BLOCKS) for i in (0, MIDDLE, BLOCKS)]
    return whole + [half for i in range(0, BLOCKS + 1, MAIN_ROAD_EVERY) if i % MIDDLE for half in _halves(line, i)]


def _halves(line: _Line, i: int) -> list[list[Point]]:
    return [line(i, 0, MIDDLE), line(i, MIDDLE, BLOCKS)]


def _county_roads(county: County) -> list[Road]:
    random = Random(county.seed + 1)
    rural = [township for township in names.townships() if not township.is_town]
    road_names = names.words("roads")[TOWN_ROADS:]
    return [
        Road(name, True, _county_road(random, county.town, county.seats[township.code]), township.code)
        for name, township in zip(road_names, rural, strict=True)
    ]


def _county_road(random: Random, town: Town, seat: Point) -> tuple[Point, ...]:
    """From the nearest town corner of a main road to the township's seat, swerving a little."""
    gates = town.ring()[::MAIN_ROAD_EVERY]
    end = metres(*seat)
    start = min((metres(*gate) for gate in gates), key=lambda gate: math.dist(gate, end))
    way = [_between(start, end, part / 8, random.uniform(-90, 90)) for part in range(1, 8)]
    return tuple(degrees(point) for point in (start, *way, end))


def _between(start: Point, end: Point, part: float, swerve: float) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    return start[0] + part * dx - swerve * dy / length, start[1] + part * dy + swerve * dx / length


def _lanes(town: Town) -> list[Road]:
    between = [i for i in range(BLOCKS) if i % MAIN_ROAD_EVERY]
    lines = [half for line in (town.row_line, town.column_line) for i in between for half in _halves(line, i)]
    titles = [stem + ending for ending in LANE_ENDINGS for stem in names.words("lanes")]
    return [Road(title, False, tuple(line)) for title, line in zip(titles, lines, strict=False)]


def spot_on(random: Random, road: Road, offset: float | None = None) -> Spot:
    """A random spot beside the road, not within 20 m of its ends."""
    along = random.uniform(20, road.length - 20)
    is_left = random.random() < 0.5
    aside = random.uniform(6, 22) if offset is None else offset
    lon, lat = beside(road, along, aside if is_left else -aside)
    return Spot(road, lon, lat, along, is_left)


def beside(road: Road, along: float, aside: float) -> Point:
    line = [metres(*point) for point in road.points]
    for start, end in zip(line, line[1:], strict=False):
        step = math.dist(start, end)
        if along <= step:
            return degrees(_between(start, end, along / step, aside))
        along -= step
    return road.points[-1]
