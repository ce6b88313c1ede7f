"""Where a house number lies that nobody has surveyed: between its neighbours on the same side of the street."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from chengyun.regions.models import NamedPlace

# Beyond the last known number nothing holds; so far a neighbour still says where to look.
NEAR_NUMBERS = 20

Point = tuple[float, float]


def house_point(number: int, houses: Sequence[NamedPlace], road: NamedPlace | None) -> Point | None:
    """`houses` of one street about the number; those with even numbers stand on one side, odd ones on the other."""
    same_side = [house for house in houses if _number(house) % 2 == number % 2]
    between = _between(number, same_side, road) or _between(number, houses, road)
    return between or _beside(number, same_side or houses)


def _between(number: int, houses: Sequence[NamedPlace], road: NamedPlace | None) -> Point | None:
    below = max((house for house in houses if _number(house) < number), key=_number, default=None)
    above = min((house for house in houses if _number(house) > number), key=_number, default=None)
    if below is None or above is None:
        return None
    share = (number - _number(below)) / (_number(above) - _number(below))
    along = _along(road, below, above, share)
    return along or (below.lon + (above.lon - below.lon) * share, below.lat + (above.lat - below.lat) * share)


def _along(road: NamedPlace | None, below: NamedPlace, above: NamedPlace, share: float) -> Point | None:
    """Along the street's bends, as far from its line as the two neighbours are."""
    line = shapely.from_wkb(bytes(road.shape)) if road and road.shape else None
    if line is None or line.geom_type != "LineString":
        return None
    ends = [shapely.Point(house.lon, house.lat) for house in (below, above)]
    first, last = (line.project(end) for end in ends)
    feet = [line.interpolate(first), line.interpolate(last)]
    foot = line.interpolate(first + (last - first) * share)
    aside = [((end.x - on.x), (end.y - on.y)) for end, on in zip(ends, feet, strict=True)]
    lon = foot.x + aside[0][0] + (aside[1][0] - aside[0][0]) * share
    lat = foot.y + aside[0][1] + (aside[1][1] - aside[0][1]) * share
    return lon, lat


def _beside(number: int, houses: Sequence[NamedPlace]) -> Point | None:
    nearest = min(houses, key=lambda house: abs(_number(house) - number), default=None)
    if nearest is None or abs(_number(nearest) - number) > NEAR_NUMBERS:
        return None
    return nearest.lon, nearest.lat


def _number(house: NamedPlace) -> int:
    return house.number or 0
