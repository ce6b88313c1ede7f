"""The address search: names by any of their parts, house numbers, crossings. Fixed SQL, whatever is stored.

The index is `PlaceKey`: a name is found by what it, or an ending of it, begins with. So one range of the index answers
«begins with» and «contains» at once, in the order of the names, and reading stops after `CANDIDATES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import shapely
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.dated import DatedQuerySet
from chengyun.core.geometry import metres_between
from chengyun.regions.finding.houses import house_point
from chengyun.regions.finding.words import Address, keys_beginning, parsed, parts, spelling
from chengyun.regions.models import NamedPlace, PlaceKey

CANDIDATES = 100
COLUMNS = ("name", "kind", "lon", "lat", "township_code", "pk")
# Two centre lines that pass each other nearer than this meet: surveys end them at the kerb.
MEET_METRES = 30.0

Point = tuple[float, float]


class Match(StrEnum):
    """How the place answers what was typed, the better first."""

    EXACT = "exact"
    CROSSING = "crossing"
    HOUSE = "house"
    ESTIMATED = "estimated"
    PREFIX = "prefix"
    INNER = "inner"
    PART = "part"


ORDER = {match: at for at, match in enumerate(Match)}


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place for the text, in WGS-84 degrees. `place_id` is None for what is worked out: crossings and estimates."""

    name: str
    kind: str
    lon: float
    lat: float
    township_code: str
    match: Match
    place_id: int | None = None
    metres: float | None = None

    @property
    def is_estimate(self) -> bool:
        return self.match == Match.ESTIMATED


def find(text: str, near: Point | None, limit: int) -> list[FoundPlace]:
    address = parsed(text)
    if len(address.text) < 2:
        return []
    roads = _roads(address)
    found = [*_crossing(address, roads), *_house(address, roads), *_named(address.text)]
    if len(found) < limit:
        found += _within(address.text)
    return _ordered(_once(found), near)[:limit]


def _known() -> DatedQuerySet:
    return NamedPlace.objects.on(instants.today())


def _roads(address: Address) -> dict[str, NamedPlace]:
    names = address.road_names
    known = _known().filter(name__in=names, kind=NamedPlace.Kind.ROAD) if names else []
    return {road.name: road for road in known}


def _crossing(address: Address, roads: dict[str, NamedPlace]) -> Iterator[FoundPlace]:
    pair = [_first(names, roads) for names in address.crossing or ()]
    if len(pair) == 2 and pair[0] and pair[1]:
        point = _meeting(pair[0], pair[1])
        if point:
            name = _("%(first)s与%(second)s交叉口") % {"first": pair[0].name, "second": pair[1].name}
            yield FoundPlace(name, NamedPlace.Kind.ROAD, *point, pair[0].township_code, Match.CROSSING)


def _first(names: Sequence[str], roads: dict[str, NamedPlace]) -> NamedPlace | None:
    return next((roads[name] for name in names if name in roads), None)


def _meeting(first: NamedPlace, second: NamedPlace) -> Point | None:
    if not (first.shape and second.shape):
        return None
    lines = shapely.from_wkb([bytes(first.shape), bytes(second.shape)])
    (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(shapely.shortest_line(*lines)).tolist()
    if metres_between(lon1, lat1, lon2, lat2) > MEET_METRES:
        return None
    return (lon1 + lon2) / 2, (lat1 + lat2) / 2


def _house(address: Address, roads: dict[str, NamedPlace]) -> Iterator[FoundPlace]:
    if address.number is None:
        return
    numbered = _known().filter(street__in=address.streets)
    below = list(numbered.filter(number__lte=address.number).order_by("-number", "id")[:6])
    above = list(numbered.filter(number__gt=address.number).order_by("number", "id")[:6])
    street = next((name for name in address.streets if any(house.street == name for house in below + above)), "")
    houses = [house for house in below + above if house.street == street]
    exact = [house for house in houses if house.number == address.number]
    yield from (_answer(house, Match.HOUSE) for house in exact)
    point = None if exact else house_point(address.number, houses, roads.get(street))
    if point:
        name = _("%(street)s%(number)s号") % {"street": street, "number": address.number}
        yield FoundPlace(name, NamedPlace.Kind.HOUSE, *point, houses[0].township_code, Match.ESTIMATED)
    road = _first(address.streets, roads)
    if road:
        yield _answer(road, Match.PART)


def _named(written: str) -> Iterator[FoundPlace]:
    """Names that contain the text."""
    first, behind = keys_beginning(written)
    keys = PlaceKey.objects.filter(key__gte=first, key__lt=behind).order_by("key")
    ids = list(keys.values_list("place_id", flat=True)[:CANDIDATES])
    for row in _known().filter(pk__in=ids).values_list(*COLUMNS):
        name = spelling(row[0])
        if written in name:
            yield _told(row, _match(written, name))


def _match(written: str, name: str) -> Match:
    if name == written:
        return Match.EXACT
    return Match.PREFIX if name.startswith(written) else Match.INNER


def _within(written: str) -> Iterator[FoundPlace]:
    """Names that the text contains."""
    for row in _known().filter(name__in=parts(written)).values_list(*COLUMNS)[:CANDIDATES]:
        yield _told(row, Match.EXACT if row[0] == written else Match.PART)


def _answer(place: NamedPlace, match: Match) -> FoundPlace:
    return FoundPlace(place.name, place.kind, place.lon, place.lat, place.township_code, match, place.pk)


def _told(row: tuple[str, str, float, float, str, int], match: Match) -> FoundPlace:
    """From `COLUMNS`: many candidates, and none of them needs its shape."""
    name, kind, lon, lat, township, key = row
    return FoundPlace(name, kind, lon, lat, township, match, key)


def _once(found: Iterable[FoundPlace]) -> list[FoundPlace]:
    """The best match of each place."""
    best: dict[object, FoundPlace] = {}
    for place in sorted(found, key=lambda each: ORDER[each.match]):
        best.setdefault(place.place_id or place.name, place)
    return list(best.values())


def _ordered(found: Iterable[FoundPlace], near: Point | None) -> list[FoundPlace]:
    measured = [_measured(place, near) for place in found]
    return sorted(measured, key=_rank)


def _measured(place: FoundPlace, near: Point | None) -> FoundPlace:
    return replace(place, metres=metres_between(*near, place.lon, place.lat)) if near else place


def _rank(place: FoundPlace) -> tuple[float, ...]:
    """Better matches first; of names within the text the longest; then the nearest, then the shortest."""
    length = len(place.name)
    said = -length if place.match == Match.PART else 0
    return ORDER[place.match], said, place.metres or 0.0, length
