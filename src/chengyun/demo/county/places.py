"""Named points of the county: estates, landmarks, shops and the 66 public toilets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from chengyun.demo.county import names
from chengyun.demo.county.regions import SEED
from chengyun.demo.county.roads import TOWN_ROADS, Road, build_roads, spot_on

SECOND_TOILETS = 13
SHOPS_PER_NAME = 4


@dataclass(frozen=True)
class PlacePoint:
    kind: str
    name: str
    address: str
    lon: float
    lat: float


@cache
def build_places(seed: int = SEED) -> tuple[PlacePoint, ...]:
    random = Random(seed + 2)
    roads = build_roads(seed)
    return (*_estates(random, roads), *_landmarks(random, roads), *_shops(random, roads), *_toilets(random, roads))


def of_kind(kind: str) -> list[PlacePoint]:
    return [place for place in build_places() if place.kind == kind]


def _town_roads(roads: tuple[Road, ...]) -> list[Road]:
    return [road for road in roads if road.is_main and not road.township_code]


def _at(random: Random, kind: str, name: str, road: Road, aside: float | None = None) -> PlacePoint:
    spot = spot_on(random, road, aside)
    return PlacePoint(kind, name, spot.address, spot.lon, spot.lat)


def _estates(random: Random, roads: tuple[Road, ...]) -> Iterator[PlacePoint]:
    for name in names.words("estates"):
        yield _at(random, "estate", name, random.choice(_town_roads(roads)), random.uniform(35, 60))


def _landmarks(random: Random, roads: tuple[Road, ...]) -> Iterator[PlacePoint]:
    for landmark in names.landmarks():
        yield _at(random, "landmark", landmark.name, random.choice(_town_roads(roads)), random.uniform(30, 55))


def _shops(random: Random, roads: tuple[Road, ...]) -> Iterator[PlacePoint]:
    """Each trade name stands on several roads: «百味面馆（听荷路店）»."""
    town = _town_roads(roads)
    for name in names.words("shops"):
        for road in random.sample(town, SHOPS_PER_NAME):
            yield _at(random, "shop", f"{name}（{road.name}店）", road)


def _toilets(random: Random, roads: tuple[Road, ...]) -> Iterator[PlacePoint]:
    """One on every town road, a second on the busiest, one at the seat of each rural township: 46 + 13 + 7."""
    town = _town_roads(roads)[:TOWN_ROADS]
    for road in town:
        yield _at(random, "toilet", f"{road.name}公厕", road)
    for road in town[:SECOND_TOILETS]:
        yield _at(random, "toilet", f"{road.name}二号公厕", road)
    for road, township in zip(_county_roads(roads), _rural(), strict=True):
        lon, lat = road.points[-1]
        yield PlacePoint("toilet", f"{township.name}集市公厕", f"{township.name}集市", lon, lat)


def _county_roads(roads: tuple[Road, ...]) -> list[Road]:
    return [road for road in roads if road.township_code]


def _rural() -> list[names.TownshipName]:
    return [township for township in names.townships() if not township.is_town]
