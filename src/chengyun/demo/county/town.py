"""The built-up area: 49 x 49 street lines, slightly bent, which bound 48 x 48 blocks of about one hectare."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from chengyun.demo.county.plane import Point, degrees

BLOCKS = 48
# A community is 8 x 8 blocks, a street office (街道) 3 x 3 communities, the town 2 x 2 street offices.
COMMUNITY_BLOCKS = 8
OFFICE_BLOCKS = 24
MAIN_ROAD_EVERY = 4


@dataclass(frozen=True)
class Town:
    """`nodes[row][column]`: where street lines cross, in degrees, from south-west."""

    nodes: tuple[tuple[Point, ...], ...]

    def row_line(self, row: int, start: int = 0, end: int = BLOCKS) -> list[Point]:
        return list(self.nodes[row][start : end + 1])

    def column_line(self, column: int, start: int = 0, end: int = BLOCKS) -> list[Point]:
        return [self.nodes[row][column] for row in range(start, end + 1)]

    def ring(self) -> list[Point]:
        south, north = self.row_line(0), self.row_line(BLOCKS)[::-1]
        west, east = self.column_line(0)[::-1], self.column_line(BLOCKS)
        return [*south, *east[1:], *north[1:], *west[1:]]

    def block(self, row: int, column: int) -> list[Point]:
        n = self.nodes
        return [n[row][column], n[row][column + 1], n[row + 1][column + 1], n[row + 1][column], n[row][column]]

    def blocks(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row in range(BLOCKS) for column in range(BLOCKS))


def build_town(random: Random) -> Town:
    xs, ys = line_positions(random), line_positions(random)
    return Town(tuple(tuple(degrees(bent(x, y)) for x in xs) for y in ys))


def line_positions(random: Random) -> list[float]:
    """Positions of the street lines in metres, uneven as streets are, with the middle line at 0."""
    widths = [random.uniform(84, 116) for _ in range(BLOCKS)]
    middle = sum(widths[: BLOCKS // 2])
    return [sum(widths[:index]) - middle for index in range(BLOCKS + 1)]


def bent(x: float, y: float) -> Point:
    """A gentle swing and a turn of four degrees, so that the streets do not look ruled."""
    x, y = x + 45 * math.sin(y / 780 + 0.6), y + 38 * math.sin(x / 910 + 1.9)
    turn = math.radians(4)
    return x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
