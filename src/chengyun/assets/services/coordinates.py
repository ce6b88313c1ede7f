"""Coordinates as a census gives them, to WGS-84 degrees (CGCS2000 agrees with it within our accuracy)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.geometry import to_wgs84

SAME = ("wgs84", "cgcs2000")
SHIFTED = ("gcj02", "bd09")


def degrees(xs: Sequence[float], ys: Sequence[float], system: str) -> tuple[Sequence[float], Sequence[float]]:
    """(longitudes, latitudes). `system` is wgs84, cgcs2000, gcj02, bd09, or an EPSG number of projected metres."""
    if system in SAME:
        return xs, ys
    if system in SHIFTED:
        moved = [to_wgs84(x, y, system) for x, y in zip(xs, ys, strict=True)]
        return [lon for lon, _lat in moved], [lat for _lon, lat in moved]
    return _unprojected(xs, ys, system)


def check(system: str) -> str:
    """The system's name as `degrees` takes it, or UserError."""
    name = system.strip().lower().removeprefix("epsg:")
    if name in SAME or name in SHIFTED or (name.isascii() and name.isdigit() and len(name) in (4, 5)):
        return name
    raise UserError(
        _("坐标系应为 wgs84、cgcs2000、gcj02、bd09，或 2000 投影坐标的 EPSG 编号（如 4549）。"), field="system"
    )


def _unprojected(xs: Sequence[float], ys: Sequence[float], code: str) -> tuple[Sequence[float], Sequence[float]]:
    """Metres east and north, whatever order the system's own definition writes them in."""
    try:
        import pyproj
        from pyproj.exceptions import CRSError
    except ImportError as error:
        raise UserError(_("换算投影坐标需要安装 gis 组件：pip install 'chengyun[gis]'。"), field="system") from error
    try:
        transformer = pyproj.Transformer.from_crs(int(code), 4490, always_xy=True)
    except CRSError as error:
        raise UserError(_("没有 EPSG 编号为 %s 的坐标系。") % code, field="system") from error
    lons, lats = transformer.transform(xs, ys)
    return list(lons), list(lats)
