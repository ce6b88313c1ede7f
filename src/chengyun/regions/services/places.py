"""Named places: roads, estates, landmarks, public toilets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.regions.finding import index
from chengyun.regions.finding.words import house_of
from chengyun.regions.locate import locate
from chengyun.regions.models import NamedPlace


@transaction.atomic
def create_place(
    *, by: Doer, kind: str, code: str, name: str, lon: float, lat: float, shape: bytes | None = None
) -> NamedPlace:
    """The township follows from the point."""
    place = NamedPlace(kind=kind, code=code, name=name, lon=lon, lat=lat, shape=shape, valid_from=instants.today())
    place.township_code = _township(lon, lat)
    place.street, place.number = house_of(name)
    register.store(place, by=by)
    index.put([place])
    return place


@transaction.atomic
def change_place(place: NamedPlace, *, by: Doer, **fields: Any) -> NamedPlace:
    fields.pop("code", None)
    lon, lat = fields.get("lon", place.lon), fields.get("lat", place.lat)
    place = register.locked(place)
    street, number = house_of(fields.get("name", place.name))
    worked_out = {"township_code": _township(lon, lat), "street": street, "number": number}
    if register.change(place, {**fields, **worked_out}, by=by):
        index.renew(place)
    return place


@transaction.atomic
def close_place(place: NamedPlace, *, by: Doer, last_day: dt.date | None = None) -> NamedPlace:
    place = register.locked(place)
    register.change(place, {"valid_to": last_day or instants.today()}, by=by, action="closed")
    return place


def _township(lon: float, lat: float) -> str:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise UserError(_("坐标超出经纬度范围，请核对是否写反。"), field="lon")
    return locate(lon, lat).township_code
