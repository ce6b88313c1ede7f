"""Thirty responsibility grids, one per collector, and the names that people use instead of addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import shapely

from chengyun.demo.county import names
from chengyun.demo.county.places import build_places
from chengyun.demo.county.regions import County
from chengyun.demo.county.roads import main_roads
from chengyun.demo.organisation import Organisation
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department
from chengyun.people.roles import Role
from chengyun.regions.models import NamedPlace
from chengyun.regions.services.grids import create_grid
from chengyun.regions.services.places import create_place

# Collectors of the four streets; each rural township has one.
TOWN_GRIDS = (6, 6, 6, 5)
ORDINALS = "一二三四五六"


@dataclass(frozen=True)
class GridPlan:
    code: str
    name: str
    township_code: str
    cells: tuple[str, ...]


def plan_grids(county: County) -> list[GridPlan]:
    by_township: dict[str, list[str]] = defaultdict(list)
    for cell in county.level("cell"):
        by_township[cell.code[:9]].append(cell.code)
    counts = [*TOWN_GRIDS, *(1 for township in names.townships() if not township.is_town)]
    return [
        plan
        for township, count in zip(names.townships(), counts, strict=True)
        for plan in _grids_of(township, count, by_township[township.code])
    ]


def _grids_of(township: names.TownshipName, count: int, cells: list[str]) -> Iterator[GridPlan]:
    """Whole communities, dealt out in the order of their codes so that the grids have about as many cells each."""
    communities: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        communities[cell[:12]].append(cell)
    parts: dict[int, list[str]] = defaultdict(list)
    dealt = 0
    for code in sorted(communities):
        parts[dealt * count // len(cells)] += communities[code]
        dealt += len(communities[code])
    for number in range(count):
        name = f"{township.name}第{ORDINALS[number]}责任网格"
        yield GridPlan(f"{township.code}{number + 1:02}", name, township.code, tuple(parts[number]))


def create_grids(county: County, organisation: Organisation) -> int:
    collectors = organisation.of_centre(Role.COLLECTOR)
    townships = _townships(organisation)
    plans = plan_grids(county)
    for plan, collector in zip(plans, collectors, strict=True):
        create_grid(
            by=SYSTEM,
            code=plan.code,
            name=plan.name,
            cells=plan.cells,
            department=townships[plan.township_code],
            collector=collector,
        )
    return len(plans)


def _townships(organisation: Organisation) -> dict[str, Department]:
    return {each.region_code: each for each in organisation.departments.values() if each.region_code}


def create_places() -> int:
    roads = main_roads()
    for number, road in enumerate(roads, start=1):
        line = shapely.LineString(road.points)
        middle = line.interpolate(0.5, normalized=True)
        create_place(
            by=SYSTEM,
            kind=NamedPlace.Kind.ROAD,
            code=f"R{number:03}",
            name=road.name,
            lon=round(middle.x, 6),
            lat=round(middle.y, 6),
            shape=shapely.to_wkb(line),
        )
    points = [place for place in build_places() if place.kind != "shop"]
    for number, place in enumerate(points, start=1):
        create_place(by=SYSTEM, kind=place.kind, code=f"P{number:03}", name=place.name, lon=place.lon, lat=place.lat)
    return len(roads) + len(points)
