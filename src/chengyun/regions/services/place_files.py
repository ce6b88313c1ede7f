"""Place names from files, and what follows from them: house numbers from addresses, roads from house numbers.

Good rows come in, in batches; refused ones are told with their reason. What is known by its code is left as it is, so
that a second run, or the run after a killed one, adds only what is missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.regions import systems
from chengyun.regions.finding import index
from chengyun.regions.finding.words import house_of
from chengyun.regions.locate import locate_many
from chengyun.regions.models import NamedPlace
from chengyun.regions.services.reading.places import PlaceRow, read
from chengyun.regions.systems import System

BATCH = 500
LONGEST = 100
KINDS = {str(kind.label): kind for kind in NamedPlace.Kind} | {kind.value: kind for kind in NamedPlace.Kind}
SHAPED = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")


@dataclass(slots=True)
class PlacesOutcome:
    """Counts, and (row, reason) of what was refused."""

    added: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_places(content: bytes, *, by: Doer, system: str = "wgs84", kind: str = "") -> PlacesOutcome:
    """`kind` is for rows that name none; `system` as `regions.systems` names them."""
    outcome, used = PlacesOutcome(), systems.named(system)
    rows = read(content)
    while batch := list(islice(rows, BATCH)):
        store_new(list(_understood(batch, used, kind, outcome)), outcome, by)
    return outcome


def derive_roads(*, by: Doer) -> int:
    """A road through its houses, in the order of their numbers, for every street that has no road yet."""
    houses = NamedPlace.objects.on(instants.today()).exclude(street="").order_by("street", "number")
    roads = set(NamedPlace.objects.filter(kind=NamedPlace.Kind.ROAD).values_list("name", flat=True))
    found = groupby(houses.iterator(), key=lambda house: house.street)
    made = [_road(street, list(numbered)) for street, numbered in found if street not in roads]
    outcome = PlacesOutcome()
    places = iter([road for road in made if road is not None])
    while batch := list(islice(places, BATCH)):
        store_new(batch, outcome, by)
    return outcome.added


def _road(street: str, houses: Sequence[NamedPlace]) -> NamedPlace | None:
    points = list(dict.fromkeys((house.lon, house.lat) for house in houses))
    if len(points) < 2:
        return None
    line = shapely.LineString(points)
    middle = line.interpolate(0.5, normalized=True)
    return _place(NamedPlace.Kind.ROAD, street, middle.x, middle.y, shape=shapely.to_wkb(line))


def _understood(rows: Iterable[PlaceRow], system: System, kind: str, outcome: PlacesOutcome) -> Iterator[NamedPlace]:
    for row in rows:
        try:
            yield from places_of(row, system, kind)
        except UserError as error:
            outcome.refused.append((row.number, str(error)))


def places_of(row: PlaceRow, system: System, kind: str = "") -> Iterator[NamedPlace]:
    """The place that a row tells, and the house number of its address."""
    cells = row.cells
    known = KINDS.get(cells.get("kind", "") or kind)
    if known is None:
        words = _("类别“%(kind)s”不认识，请填：%(kinds)s。")
        raise UserError(
            words % {"kind": cells.get("kind", ""), "kinds": "、".join(str(k.label) for k in NamedPlace.Kind)},
            field="类别",
        )
    name = cells.get("name", "")
    if not name or len(name) > LONGEST:
        raise UserError(_("名称应有 1 到 100 个字。"), field="名称")
    shape = _shape(row, system)
    point = shapely.point_on_surface(shape)
    drawn = shapely.to_wkb(shape) if shape.geom_type in SHAPED else None
    yield _place(known, name, point.x, point.y, code=cells.get("code", ""), shape=drawn)
    street, number = house_of(cells.get("address", ""))
    if number is not None and known != NamedPlace.Kind.HOUSE:
        yield _place(NamedPlace.Kind.HOUSE, f"{street}{number}号", point.x, point.y)


def _shape(row: PlaceRow, system: System) -> BaseGeometry:
    shape = _from_geojson(row) if row.geometry is not None else _point(row)
    reason = systems.wrong(shape.bounds, system)
    if reason:
        raise UserError(reason, field="经度")
    moved: BaseGeometry = shapely.transform(shape, lambda points: systems.converted(points, system))
    return moved


def _from_geojson(row: PlaceRow) -> BaseGeometry:
    shape: BaseGeometry | None = shapely.from_geojson(json.dumps(row.geometry), on_invalid="ignore")
    if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise UserError(_("图形不完整，请补全坐标。"), field="图形")
    flat: BaseGeometry = shapely.force_2d(shape)
    return flat


def _point(row: PlaceRow) -> BaseGeometry:
    try:
        lon, lat = float(row.cells.get("lon", "")), float(row.cells.get("lat", ""))
    except ValueError as error:
        raise UserError(_("经度、纬度应是数字，请核对。"), field="经度") from error
    if not (np.isfinite(lon) and np.isfinite(lat)):
        raise UserError(_("经度、纬度应是数字，请核对。"), field="经度")
    return shapely.Point(lon, lat)


def _place(
    kind: NamedPlace.Kind, name: str, lon: float, lat: float, *, code: str = "", shape: bytes | None = None
) -> NamedPlace:
    street, number = house_of(name) if kind == NamedPlace.Kind.HOUSE else ("", None)
    # The same name within some ten metres is the same place; a house number is known by itself.
    where = "" if kind in (NamedPlace.Kind.HOUSE, NamedPlace.Kind.ROAD) else f"{lon:.4f} {lat:.4f}"
    code = code or hashlib.sha256(f"{kind}|{name}|{where}".encode()).hexdigest()[:24]
    return NamedPlace(
        kind=kind, code=code[:32], name=name[:LONGEST], lon=round(lon, 6), lat=round(lat, 6), shape=shape,
        street=street, number=number, valid_from=instants.today(),
    )  # fmt: skip


@transaction.atomic
def store_new(places: Sequence[NamedPlace], outcome: PlacesOutcome, by: Doer) -> None:
    single = {place.code: place for place in places}
    known = set(NamedPlace.objects.filter(code__in=single).values_list("code", flat=True))
    new = [place for code, place in single.items() if code not in known]
    outcome.known += len(places) - len(new)
    outcome.added += len(new)
    if not new:
        return
    located = locate_many([place.lon for place in new], [place.lat for place in new])
    for place, where in zip(new, located, strict=True):
        place.township_code = where.township_code
    NamedPlace.objects.bulk_create(new)
    index.put(new)
    register.record_new(new, by=by)
