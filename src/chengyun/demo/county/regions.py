"""Town and countryside noded into one coverage, then coded and named from the county down to the cells.

Every line is put on the 1e-6 grid before the faces are taken, so that neighbours share their vertices exactly;
a parent is the union of its children and therefore has neither gap nor overlap.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from random import Random

import shapely
from shapely import LineString, MultiPoint, Polygon, STRtree
from shapely.ops import polygonize

from chengyun.demo.county import names
from chengyun.demo.county.countryside import Village, build_villages, open_land, outline, ring_in_degrees
from chengyun.demo.county.plane import GRID, Point, degrees
from chengyun.demo.county.town import BLOCKS, COMMUNITY_BLOCKS, OFFICE_BLOCKS, Town, build_town

SEED = 990126
BUILT_UP, FRINGE, RURAL = "A", "B", "C"


@dataclass(frozen=True)
class RegionShape:
    level: str
    code: str
    parent_code: str
    name: str
    area_class: str
    shape: Polygon


@dataclass(frozen=True)
class County:
    seed: int
    town: Town
    villages: tuple[Village, ...]
    regions: tuple[RegionShape, ...]
    # Seat (a point in degrees) of each township, by code.
    seats: dict[str, Point] = field(default_factory=dict)

    def level(self, level: str) -> list[RegionShape]:
        return [region for region in self.regions if region.level == level]


@cache
def build_county(seed: int = SEED) -> County:
    """1. lines and points  2. faces  3. cells  4. the tree above them."""
    random = Random(seed)
    border = outline(random)
    town = build_town(random)
    groups = names.groups("villages")
    villages = build_villages(
        random, open_land(border, town.ring()), len(groups[-1]), [len(group) for group in groups[:-1]]
    )
    faces = _faces(border, town, villages)
    cells = [*_town_cells(town, faces), *_village_cells(villages, faces)]
    return County(seed, town, tuple(villages), tuple(_with_parents(cells)), _seats(town, villages))


def _faces(border: list[Point], town: Town, villages: list[Village]) -> list[Polygon]:
    ring = ring_in_degrees(border)
    land = Polygon(ring).difference(Polygon(town.ring()))
    edges = shapely.voronoi_polygons(MultiPoint(_field_points(villages)), extend_to=land, only_edges=True)
    streets = [LineString(line) for line in _street_lines(town)]
    lines = shapely.union_all([LineString(ring), edges.intersection(land), *streets], grid_size=GRID)
    return [_on_grid(face) for face in polygonize(shapely.get_parts(lines))]


def _street_lines(town: Town) -> list[list[Point]]:
    return [line for i in range(BLOCKS + 1) for line in (town.row_line(i), town.column_line(i))]


def _field_points(villages: list[Village]) -> list[Point]:
    return [degrees(point) for village in villages for point in village.points]


def _on_grid(face: Polygon) -> Polygon:
    return Polygon([(round(x, 6), round(y, 6)) for x, y in face.exterior.coords])


def _town_cells(town: Town, faces: list[Polygon]) -> list[RegionShape]:
    """A face in the middle of each block; numbered inside its community from south-west."""
    tree = STRtree(faces)
    counters: dict[str, int] = defaultdict(int)
    cells = []
    for row, column in town.blocks():
        community, name = _town_community(row, column)
        middle = Polygon(town.block(row, column)).representative_point()
        counters[community] += 1
        face = faces[int(tree.query(middle, predicate="within")[0])]
        cells.append(_cell(community, counters[community], name, BUILT_UP, face))
    return cells


def _town_community(row: int, column: int) -> tuple[str, str]:
    office = 2 * (row // OFFICE_BLOCKS) + column // OFFICE_BLOCKS
    inside_row, inside_column = row % OFFICE_BLOCKS // COMMUNITY_BLOCKS, column % OFFICE_BLOCKS // COMMUNITY_BLOCKS
    number = 3 * inside_row + inside_column
    return f"{names.townships()[office].code}{number + 1:03}", names.groups("communities")[office][number] + "社区"


def _cell(community: str, number: int, name: str, area_class: str, face: Polygon) -> RegionShape:
    return RegionShape("cell", f"{community}{number:03}", community, f"{name}{number}号", area_class, face)


def _village_cells(villages: list[Village], faces: list[Polygon]) -> list[RegionShape]:
    """Village names follow the list of their township; the first one of each township is where it has its seat."""
    tree = STRtree(faces)
    cells = []
    for code, name, is_seat, village in _named_villages(villages):
        for number, point in enumerate(village.points, start=1):
            found = tree.query(shapely.Point(degrees(point)), predicate="within")
            fringe = village.group < 4 or (is_seat and number == 1)
            cells.append(_cell(code, number, name, FRINGE if fringe else RURAL, faces[int(found[0])]))
    return cells


def _named_villages(villages: list[Village]) -> list[tuple[str, str, bool, Village]]:
    """Code, name, «is the township's seat» and the village, ordered by township and then outwards from the seat."""
    fringe = iter(names.groups("villages")[-1])
    named = []
    for group, township in enumerate(names.townships()):
        members = _seat_first([village for village in villages if village.group == group])
        stems = [next(fringe) for _ in members] if township.is_town else names.groups("villages")[group - 4]
        for number, (village, stem) in enumerate(zip(members, stems, strict=True), start=201):
            is_seat = number == 201 and not township.is_town
            named.append((f"{township.code}{number}", f"{stem}村", is_seat, village))
    return named


def _seat_first(villages: list[Village]) -> list[Village]:
    middle = tuple(sum(axis) / len(villages) for axis in zip(*(village.points[0] for village in villages), strict=True))
    return sorted(villages, key=lambda village: math.dist(village.points[0], middle))


def _with_parents(cells: list[RegionShape]) -> list[RegionShape]:
    communities = _parents("community", cells, 12)
    townships = _parents("township", communities, 9)
    county = _parents("county", townships, 6)
    return [*county, *townships, *communities, *cells]


def _parents(level: str, children: list[RegionShape], digits: int) -> list[RegionShape]:
    by_code: dict[str, list[RegionShape]] = defaultdict(list)
    for child in children:
        by_code[child.code[:digits]].append(child)
    return [
        RegionShape(level, code, _parent_code(code), _name(code, group), "", _union(group))
        for code, group in sorted(by_code.items())
    ]


def _union(children: list[RegionShape]) -> Polygon:
    shape = shapely.coverage_union_all([child.shape for child in children])
    assert isinstance(shape, Polygon), "a region of the demo county is one piece"
    return shape


def _parent_code(code: str) -> str:
    return {6: "", 9: code[:6], 12: code[:9]}[len(code)]


def _name(code: str, children: list[RegionShape]) -> str:
    if len(code) == 6:
        return names.COUNTY_NAME
    if len(code) == 9:
        return next(township.name for township in names.townships() if township.code == code)
    return children[0].name.removesuffix("1号")


def _seats(town: Town, villages: list[Village]) -> dict[str, Point]:
    """Where a township has its office: the middle of a quarter of the town, or the seat of its first village."""
    quarters = [(12, 12), (12, 36), (36, 12), (36, 36)]
    seats = {}
    for group, township in enumerate(names.townships()):
        members = [village for village in villages if village.group == group]
        row, column = quarters[group] if township.is_town else (0, 0)
        seats[township.code] = (
            town.nodes[row][column] if township.is_town else degrees(_seat_first(members)[0].points[0])
        )
    return seats
