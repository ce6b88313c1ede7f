"""Where things happen: beside a road of the town, at an estate or a landmark, in a village."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from chengyun.demo.county import names
from chengyun.demo.county.places import PlacePoint, of_kind
from chengyun.demo.county.plane import degrees, metres
from chengyun.demo.county.regions import build_county
from chengyun.demo.county.roads import Road, build_roads, spot_on

AT_DOOR = ("门前", "门口", "对面", "东侧", "西侧", "附近")
AT_ESTATE = ("东门外", "南门口", "北门旁", "西门外", "围墙外")
AT_LANDMARK = ("门口", "东侧", "西侧", "南门", "停车场旁")
AT_MARKET = ("内", "入口", "东门", "蔬菜区", "水产区", "出口")
AT_PARK = ("内", "南门", "东侧步道", "健身区", "儿童活动区", "凉亭旁")
IN_VILLAGE = ("村口", "主街", "村委会旁", "卫生室旁", "小广场", "东路口", "西桥头", "健身广场")
# Town roads and lanes, estates, landmarks, then the countryside: shares in percent.
KINDS = {"road": 47, "lane": 14, "estate": 9, "landmark": 7, "county_road": 5, "village": 18}


@dataclass(frozen=True)
class Happening:
    """A point and the words that people use for it."""

    lon: float
    lat: float
    address: str
    # What a sentence about it begins with, e.g. «听荷路36号门前».
    wording: str


# Stretches of water, each near a landmark of the town.
WATERS = ("澄湖东岸", "澄湖西岸", "澄湖北岸", "云津河北堤", "云津河南堤", "云津河一号桥下", "云津河二号桥下")
AT_WATER = ("", "步道旁", "亲水平台", "栈道边", "入水口")


def draw_spot(random: Random, in_villages: bool = True, where: str = "") -> Happening:
    """`in_villages` false for what a village does not have, such as traffic lights; `where` as in `Subject`."""
    if where:
        return _DRAWERS[where](random)
    kinds = [kind for kind in KINDS if in_villages or kind != "village"]
    kind = random.choices(kinds, [KINDS[kind] for kind in kinds])[0]
    return _DRAWERS[kind](random)


def _on_road(random: Random, roads: tuple[Road, ...]) -> Happening:
    spot = spot_on(random, random.choice(roads))
    return Happening(spot.lon, spot.lat, spot.address, spot.address + random.choice(AT_DOOR))


def _at_point(random: Random, places: list[PlacePoint], sides: tuple[str, ...]) -> Happening:
    place = random.choice(places)
    east, north = metres(place.lon, place.lat)
    lon, lat = degrees((east + random.uniform(-25, 25), north + random.uniform(-25, 25)))
    return Happening(lon, lat, f"{place.address}{place.name}", place.name + random.choice(sides))


def _landmarks(*kinds: str) -> list[PlacePoint]:
    wanted = {landmark.name for landmark in names.landmarks() if landmark.kind in kinds}
    return [place for place in of_kind("landmark") if place.name in wanted]


def _at_water(random: Random) -> Happening:
    """The same stretch lies always near the same park."""
    number = random.randrange(len(WATERS))
    parks = _landmarks("公园", "广场")
    park = parks[number % len(parks)]
    east, north = metres(park.lon, park.lat)
    lon, lat = degrees((east + 30 * number + random.uniform(-60, 60), north + random.uniform(-60, 60)))
    return Happening(lon, lat, WATERS[number], WATERS[number] + random.choice(AT_WATER))


def _on_county_road(random: Random) -> Happening:
    spot = spot_on(random, random.choice(_roads("county_road")))
    wording = f"{spot.road.name}{spot.along / 1000:.1f}公里处"
    return Happening(spot.lon, spot.lat, wording, wording)


def _in_village(random: Random) -> Happening:
    village = random.choice(_villages())
    east, north = metres(*village.seat)
    angle, distance = random.uniform(0, 2 * math.pi), random.uniform(5, 140)
    lon, lat = degrees((east + distance * math.cos(angle), north + distance * math.sin(angle)))
    name = village.township + village.name
    return Happening(lon, lat, name, name + random.choice(IN_VILLAGE))


@dataclass(frozen=True)
class _Village:
    township: str
    name: str
    seat: tuple[float, float]


@cache
def _villages() -> tuple[_Village, ...]:
    """Seat cells carry number 1 of their village, and villages are numbered from 201."""
    townships = {township.code: township.name for township in names.townships()}
    cells = [cell for cell in build_county().level("cell") if cell.code[9] == "2" and cell.code.endswith("001")]
    return tuple(
        _Village(townships[cell.code[:9]], cell.name.removesuffix("1号"), _middle(cell.shape.centroid.coords[0]))
        for cell in cells
    )


def _middle(point: tuple[float, ...]) -> tuple[float, float]:
    return point[0], point[1]


@cache
def _roads(kind: str) -> tuple[Road, ...]:
    wanted = {"road": (True, False), "lane": (False, False), "county_road": (True, True)}[kind]
    return tuple(road for road in build_roads() if (road.is_main, bool(road.township_code)) == wanted)


_DRAWERS: dict[str, Callable[[Random], Happening]] = {
    "road": lambda random: _on_road(random, _roads("road")),
    "lane": lambda random: _on_road(random, _roads("lane")),
    "estate": lambda random: _at_point(random, of_kind("estate"), AT_ESTATE),
    "landmark": lambda random: _at_point(random, of_kind("landmark"), AT_LANDMARK),
    "county_road": _on_county_road,
    "village": _in_village,
    "water": _at_water,
    "market": lambda random: _at_point(random, _landmarks("市场"), AT_MARKET),
    "park": lambda random: _at_point(random, _landmarks("公园", "广场"), AT_PARK),
}
