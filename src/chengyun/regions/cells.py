"""Places in the cells of a workbook: codes of regions, and areas drawn on the map."""

from __future__ import annotations

from typing import Any

import shapely
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.people.registers.cells import AS_IT_WAS, Kind, Read, plain
from chengyun.regions.drawing import area_of, text_of
from chengyun.regions.models import Region

# A cell of a spreadsheet holds 32,767 characters; what is longer is changed on the map.
LONGEST = 32_000
TOO_LONG = "图形太大，请在图上改"


def _codes() -> Read:
    known = set(Region.objects.filter(version__is_active=True).values_list("code", flat=True))

    def read(code: str) -> str:
        if known and code and code not in known:
            raise UserError(_("没有代码为%(code)s的区域，全县请留空。") % {"code": code})
        return code

    return read


def _area(shape: bytes | memoryview | None) -> str:
    """The corners in one line; of an area in several pieces only that there is one."""
    if shape is None:
        return ""
    is_simple = shapely.get_num_geometries(shapely.from_wkb(bytes(shape))) == 1
    text = text_of(shape).replace("\n", ";") if is_simple else TOO_LONG
    return text if len(text) <= LONGEST else TOO_LONG


def _read_area(text: str) -> Any:
    if text == TOO_LONG:
        return AS_IT_WAS
    polygon = area_of(text)
    return shapely.to_wkb(polygon) if polygon else None


REGION = Kind(str, _codes)
AREA = plain(_area, _read_area)
