"""«Which cell, community, township and responsibility grid is this point in?»

The shapes of the active version stand in memory in one tree per level. A point on a border belongs to the lowest code;
a point outside every cell is still looked for in the communities, townships and the county.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from chengyun.core import instants
from chengyun.regions.models import GridCell, Level, Region, RegionVersion
from chengyun.regions.queries import version_on

# How long a process may go on with the shapes it has before it asks again whether they changed.
CHECK_AFTER_SECONDS = 3.0

# From the smallest outwards: the first level that holds the point decides.
SEARCH = (Level.CELL, Level.COMMUNITY, Level.TOWNSHIP, Level.COUNTY)


class Place(NamedTuple):
    """A point and everything that it lies in; blank or None where it lies outside."""

    lon: float
    lat: float
    county_code: str = ""
    township_code: str = ""
    community_code: str = ""
    cell_code: str = ""
    area_class: str = ""
    region_version_id: int | None = None
    grid_id: int | None = None
    grid_collector_id: int | None = None


# What a Place says of its regions, in the order of its fields: county … cell, area class, version.
Answer = tuple[str, str, str, str, str, int | None]
NOWHERE: Answer = ("", "", "", "", "", None)


class Tenure(NamedTuple):
    """A cell's time in a responsibility grid."""

    first_day: dt.date
    last_day: dt.date
    grid_id: int
    collector_id: int | None


@dataclass(frozen=True, slots=True)
class Shapes:
    """The regions of one level, sorted by code, so that the lowest index is the lowest code."""

    tree: shapely.STRtree
    answers: Sequence[Answer]

    def first_hits(self, points: NDArray[np.object_]) -> NDArray[np.intp]:
        """For each point the index of the first shape that touches it, or len(answers) where none does."""
        hits = np.full(len(points), len(self.answers), dtype=np.intp)
        which, shapes = self.tree.query(points, predicate="intersects")
        np.minimum.at(hits, which, shapes)
        return hits


@dataclass(frozen=True, slots=True)
class Map:
    """Everything `locate` needs of one region version."""

    stamp: UUID | None
    levels: tuple[Shapes, ...]
    outside: Answer
    tenures: Mapping[str, Sequence[Tenure]]

    def grid(self, cell: str, day: dt.date) -> tuple[int | None, int | None]:
        """(grid, collector) of the cell that day; where two grids hold it the older one answers."""
        for tenure in self.tenures.get(cell, ()):
            if tenure.first_day <= day <= tenure.last_day:
                return tenure.grid_id, tenure.collector_id
        return None, None

    def answers(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> list[Answer]:
        points = cast(NDArray[np.object_], shapely.points(lons, lats))
        found = [self.outside] * len(points)
        open_ones = np.arange(len(points))
        for shapes in self.levels:
            hits = shapes.first_hits(points[open_ones])
            inside = hits < len(shapes.answers)
            for index, hit in zip(open_ones[inside].tolist(), hits[inside].tolist(), strict=True):
                found[index] = shapes.answers[hit]
            open_ones = open_ones[~inside]
            if not len(open_ones):
                break
        return found


def locate(lon: float, lat: float, at: dt.date | None = None) -> Place:
    return locate_many([lon], [lat], at)[0]


def locate_many(lons: Sequence[float], lats: Sequence[float], at: dt.date | None = None) -> list[Place]:
    """In the version and the grids of the civil day `at`; None is today."""
    x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    held, today = map_on(at) if at else current_map(), at or instants.today()
    answers = held.answers(x, y)
    return [
        Place(lon, lat, *answer, *held.grid(answer[3], today))
        for lon, lat, answer in zip(x.tolist(), y.tolist(), answers, strict=True)
    ]


class _Held:
    """The map that this process holds, and when it last asked whether it is still the right one."""

    lock = threading.Lock()
    map: Map | None = None
    earlier: Map | None = None
    checked_at = 0.0


def current_map() -> Map:
    held = _Held.map
    if held and time.monotonic() - _Held.checked_at < CHECK_AFTER_SECONDS:
        return held
    with _Held.lock:
        return _refreshed()


def map_on(day: dt.date) -> Map:
    """The map of an earlier day is loaded once and kept beside the current one."""
    version, held = version_on(day), current_map()
    if version is None or version.stamp == held.stamp:
        return held
    with _Held.lock:
        if _Held.earlier is None or _Held.earlier.stamp != version.stamp:
            _Held.earlier = _load(version)
        return _Held.earlier


def forget() -> None:
    """Ask again at the next call; whoever changed regions or grids calls this after the commit."""
    with _Held.lock:
        _Held.map = _Held.earlier = None


def _refreshed() -> Map:
    version = RegionVersion.objects.filter(is_active=True).first()
    held = _Held.map
    if held is None or held.stamp != (version.stamp if version else None):
        held = _load(version)
    _Held.map, _Held.checked_at = held, time.monotonic()
    return held


def _load(version: RegionVersion | None) -> Map:
    if version is None:
        return Map(None, (), NOWHERE, {})
    regions = {region.code: region for region in Region.objects.filter(version=version).order_by("code")}
    levels = tuple(_shapes(level, regions) for level in SEARCH)
    return Map(version.stamp, levels, (*NOWHERE[:-1], version.pk), _tenures())


def _tenures() -> dict[str, list[Tenure]]:
    found: dict[str, list[Tenure]] = {}
    cells = GridCell.objects.order_by("grid_id")
    rows = cells.values_list("cell_code", "grid__valid_from", "grid__valid_to", "grid_id", "grid__collector_id")
    for cell, first_day, last_day, grid_id, collector_id in rows:
        found.setdefault(cell, []).append(Tenure(first_day, last_day or dt.date.max, grid_id, collector_id))
    return found


def _shapes(level: Level, regions: dict[str, Region]) -> Shapes:
    chosen = [region for region in regions.values() if region.level == level]
    polygons = shapely.from_wkb([bytes(region.shape) for region in chosen])
    return Shapes(shapely.STRtree(polygons), [_answer(region, regions) for region in chosen])


def _answer(region: Region, regions: dict[str, Region]) -> Answer:
    codes = {above.level: above.code for above in _line(region, regions)}
    county, township, community, cell = (codes.get(level, "") for level in reversed(SEARCH))
    return county, township, community, cell, region.area_class, region.version_id


def _line(region: Region | None, regions: dict[str, Region]) -> Iterator[Region]:
    """The region and those above it."""
    while region:
        yield region
        region = regions.get(region.parent_code)
