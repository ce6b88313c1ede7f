from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import shapely

from chengyun.core import instants
from chengyun.core.dated import DatedQuerySet
from chengyun.regions.finding.search import FoundPlace, find
from chengyun.regions.models import Level, Region, RegionTerm, RegionVersion, ResponsibilityGrid


def active_version() -> RegionVersion | None:
    return RegionVersion.objects.filter(is_active=True).first()


def version_on(day: dt.date) -> RegionVersion | None:
    """The version that counted on that civil day; before the first known day the first one."""
    terms = RegionTerm.objects.filter(is_withdrawn=False).select_related("version")
    term = terms.filter(from_day__lte=day).order_by("-from_day", "-id").first() or terms.first()
    return term.version if term else active_version()


def region_names(codes: Sequence[str]) -> dict[str, str]:
    """Code → name in the active version, for the codes that have one."""
    found = Region.objects.filter(version__is_active=True, code__in=codes).exclude(name="")
    return dict(found.values_list("code", "name"))


def townships() -> list[tuple[str, str]]:
    """(code, name) of the active version's townships, by code."""
    found = Region.objects.filter(version__is_active=True, level=Level.TOWNSHIP).order_by("code")
    return list(found.values_list("code", "name"))


def cells_within(shape: bytes) -> list[str]:
    """The codes of the cells whose centre lies in the area (WKB)."""
    area = shapely.from_wkb(shape)
    min_lon, min_lat, max_lon, max_lat = area.bounds
    near = Region.objects.filter(version__is_active=True, level=Level.CELL).filter(
        centre_lon__range=(min_lon, max_lon), centre_lat__range=(min_lat, max_lat)
    )
    centres = near.order_by("code").values_list("code", "centre_lon", "centre_lat")
    return [code for code, lon, lat in centres if shapely.contains_xy(area, lon, lat)]


def grids_today() -> DatedQuerySet:
    return ResponsibilityGrid.objects.on(instants.today()).select_related("department", "collector")


def find_places(text: str, near: tuple[float, float] | None = None, limit: int = 10) -> list[FoundPlace]:
    """What an address or a part of a name may mean, the best first; nothing for less than two characters.

    `near` (lon, lat) prefers what is close among equal answers. Crossings («凤凰街与人民路交叉口») come from the shapes
    of the roads; a house number that is not known is estimated between its neighbours (`is_estimate`). At most six
    statements, however many names there are.
    """
    return find(text, near, limit)
