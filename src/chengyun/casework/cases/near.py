"""Cases near a place of the county: `lon,lat,metres,name`, as it stands in an address and in a saved view.

The form of the filters sends what was typed (`place`) and, where a place was chosen from the list, its point; `settled`
makes the one filter of them, so that every list, the map and the files read the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import in_box
from chengyun.core.errors import UserError
from chengyun.core.geometry import EARTH_RADIUS_M
from chengyun.regions.queries import find_places

RADII = (100, 200, 500, 1000, 2000)
USUAL = 500
LONGEST_NAME = 60
# What the form sends in place of the filter.
TYPED = ("place", "place_at", "metres")


class Around(NamedTuple):
    lon: float
    lat: float
    metres: int
    name: str

    def __str__(self) -> str:
        return f"{self.lon:.6f},{self.lat:.6f},{self.metres},{self.name}"


def around(text: str) -> Around:
    """UserError when it names no place and distance."""
    try:
        lon, lat, metres, name = text.split(",", 3)
        found = Around(float(lon), float(lat), int(metres), name.strip()[:LONGEST_NAME])
    except ValueError as error:
        raise UserError(_("地点附近应是“经度,纬度,米数,名称”；请重新选择地点"), field="near") from error
    if not (abs(found.lon) <= 180 and abs(found.lat) < 90 and 0 < found.metres <= RADII[-1]):
        raise UserError(_("地点附近应是“经度,纬度,米数,名称”；请重新选择地点"), field="near")
    return found


def near(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """By bounding box, which an index serves, then exactly: at these distances the ground is level."""
    lon, lat, metres, _name = around(text)
    tall = math.radians(1) * EARTH_RADIUS_M
    wide = tall * math.cos(math.radians(lat))
    east, north = (F("lon") - Value(lon)) * Value(wide), (F("lat") - Value(lat)) * Value(tall)
    squared = (Value(metres * metres, output_field=FloatField()),)
    return in_box(cases, lon, lat, metres).filter(LessThanOrEqual(east * east + north * north, *squared))


def settled(params: Mapping[str, str]) -> str | None:
    """The query that stands for what was typed in the form of the filters; None where nothing was."""
    if "place" not in params:
        return None
    kept = {name: value for name, value in params.items() if value and name not in (*TYPED, "near")}
    if params["place"].strip():
        kept["near"] = str(_typed(params))
    return urlencode(kept)


def _typed(params: Mapping[str, str]) -> Around:
    name = params["place"].strip().replace("\x00", "")[:LONGEST_NAME]
    metres = params.get("metres", "")
    reach = int(metres) if metres in map(str, RADII) else USUAL
    if params.get("place_at"):
        return around(f"{params['place_at']},{reach},{name}")
    found = find_places(name, limit=1)
    if not found:
        raise UserError(_("本县地名里没有“%s”；请换一个地名，或从列出的地名中选择") % name, field="place")
    return Around(found[0].lon, found[0].lat, reach, found[0].name)


class NearField(forms.CharField):
    """Stays the text that it was."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_NAME + 60, **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return str(around(text)) if text else ""
        except UserError as error:
            raise forms.ValidationError(str(error)) from error
