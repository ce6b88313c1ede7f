"""An area drawn by hand, as text: a corner a line, «lon,lat». The map writes it (`area-draw.js`); so can anybody."""

from __future__ import annotations

import re
from typing import Any

import shapely
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import Polygon

from chengyun.core.errors import UserError
from chengyun.regions.models import Level, Region
from chengyun.regions.systems import WGS84, wrong

FEWEST, MOST = 3, 2_000
# A drawing along the county's border may lie this much outside.
MOST_OUTSIDE = 0.01
CROSSING = re.compile(r"\[([-\d.]+) ([-\d.]+)\]")


def area_of(text: str) -> Polygon | None:
    """The polygon, not closed twice; None where nothing is written. A refusal names the corner and the fix."""
    corners = [_corner(number, line) for number, line in enumerate(_lines(text), 1)]
    if not corners:
        return None
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if not len(set(corners)) >= FEWEST or len(corners) > MOST:
        raise UserError(_("区域至少要有 3 个不同的点，最多 %s 个；请增减几个点。") % MOST)
    polygon = Polygon(corners)
    if not polygon.is_valid or not polygon.area:
        found = CROSSING.search(shapely.is_valid_reason(polygon))
        where = _("在 %s 处") % ",".join(f"{float(each):.6f}" for each in found.groups()) if found else ""
        raise UserError(_("边界%s自己相交，请移动那里的点。") % where)
    _refuse_outside(polygon)
    return polygon


def text_of(shape: bytes | memoryview | None) -> str:
    """A polygon's corners; of several polygons, those of the first."""
    if shape is None:
        return ""
    polygon: Any = shapely.get_geometry(shapely.from_wkb(bytes(shape)), 0)
    return "\n".join(f"{lon:.6f},{lat:.6f}" for lon, lat in polygon.exterior.coords[:-1])


class AreaField(forms.CharField):
    """Gives WKB, or None where nothing is drawn."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"rows": 4, "data-area": "", "spellcheck": "false", "class": "code"}
        help_text = gettext_lazy("在图上点出各个角，或每行写一个点“经度,纬度”（WGS-84）")
        super().__init__(required=False, widget=forms.Textarea(attrs=attrs), help_text=help_text, **kwargs)

    def clean(self, value: Any) -> bytes | None:
        try:
            polygon = area_of(super().clean(value))
        except UserError as error:
            raise forms.ValidationError(str(error)) from error
        return shapely.to_wkb(polygon) if polygon else None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\n;；]", text) if line.strip()]


def _corner(number: int, line: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in re.split(r"[,，\s]+", line))
    except ValueError as error:
        raise UserError(_("第 %(n)s 个点“%(line)s”应写成“经度,纬度”。") % {"n": number, "line": line[:40]}) from error
    if reason := wrong((lon, lat, lon, lat), WGS84) if lon == lon and lat == lat else _("坐标不是数。"):
        raise UserError(_("第 %(n)s 个点：%(reason)s") % {"n": number, "reason": reason})
    return round(lon, 6), round(lat, 6)


def _refuse_outside(polygon: Polygon) -> None:
    shapes = Region.objects.filter(version__is_active=True, level=Level.COUNTY).values_list("shape", flat=True)
    counties = [shapely.from_wkb(bytes(shape)) for shape in shapes]
    if not counties:
        return
    outside = polygon.difference(shapely.union_all(counties)).area / polygon.area
    if outside > MOST_OUTSIDE:
        raise UserError(_("区域有 %s%% 在县界以外，请把界外的点移回来。") % max(round(outside * 100), 1))
