"""The coordinate systems in which surveys arrive: marks, what a .prj says, and the way to WGS-84 degrees.

Degrees of CGCS2000 count as WGS-84: they agree within our accuracy. Projected coordinates of the 2000 system are
Gauss-Krüger with scale 1, so that a 3-degree and a 6-degree zone with the same central meridian are the same plane;
EPSG 4491–4554 differ only in the meridian and in whether the zone's number stands before the easting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NoReturn

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from chengyun.core.errors import UserError
from chengyun.core.geometry import to_wgs84

Points = NDArray[np.float64]

# (west, south, east, north) of China in degrees, rounded outwards.
CHINA = (73.0, 3.0, 136.0, 54.0)
MERIDIANS = range(75, 136, 3)
CENTRE_EASTING = 500_000
EASTINGS = (100_000, 900_000)  # without the zone's number; no zone is wider
NORTHINGS = (300_000, 6_100_000)
THREE_DEGREE_ZONES, SIX_DEGREE_ZONES = range(25, 46), range(13, 24)
BY_ZONE = "cgcs2000-zoned"

_DEGREES = {"wgs84", "4326", "4490", "cgcs2000", "crs84"}
_OLD_DATUMS = re.compile(r"beijing|xian|xi'an|1954|1980", re.IGNORECASE)
_DATUM_2000 = re.compile(r"china.{0,25}2000|cgcs.?2000", re.IGNORECASE)
_DATUM_84 = re.compile(r"wgs.{0,3}84|world geodetic system 1984", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class System:
    """`name` as files and forms mark it; a meridian (degrees) means projected metres, 0 the zone in the easting."""

    name: str
    meridian: int | None = None
    zone: int = 0

    @property
    def is_projected(self) -> bool:
        return self.meridian is not None


WGS84 = System("wgs84")


def choices() -> list[tuple[str, str]]:
    """What an importer may say; blank leaves it to the file."""
    projected = [
        (
            f"epsg:{code_of(meridian)}",
            _("2000 坐标系投影，中央经线 %(meridian)s°，横坐标不带带号") % {"meridian": meridian},
        )
        for meridian in MERIDIANS
    ]
    return [
        ("", _("按文件自己的标记")),
        ("wgs84", _("经纬度：WGS-84 或 2000 国家大地坐标系")),
        ("gcj02", _("经纬度：GCJ-02（高德、腾讯地图）")),
        ("bd09", _("经纬度：BD-09（百度地图）")),
        (BY_ZONE, _("2000 坐标系投影，横坐标带带号")),
        *projected,
    ]


def code_of(meridian: int) -> int:
    return 4534 + (meridian - 75) // 3


def named(text: str) -> System:
    """The system that a mark names: wgs84, gcj02, bd09, cgcs2000-zoned, an EPSG code or its URN."""
    plain = text.strip().lower()
    if plain == BY_ZONE:
        return System(BY_ZONE, 0)
    for shifted in ("gcj02", "bd09"):
        if shifted in plain.replace("-", ""):
            return System(shifted)
    code = re.search(r"(?:epsg\D*|crs:+\D*)(\d{4,5})$", plain)
    plain = code[1] if code else plain.replace("-", "").rpartition(":")[2]
    if plain in _DEGREES:
        return WGS84
    if code:
        return _projected(int(plain))
    _refuse(text)


def _projected(code: int) -> System:
    name = f"epsg:{code}"
    if 4491 <= code <= 4501:
        return System(name, (code - 4491 + 13) * 6 - 3, code - 4491 + 13)
    if 4502 <= code <= 4512:
        return System(name, 75 + (code - 4502) * 6)
    if 4513 <= code <= 4533:
        return System(name, (code - 4513 + 25) * 3, code - 4513 + 25)
    if 4534 <= code <= 4554:
        return System(name, 75 + (code - 4534) * 3)
    _refuse(name)


def _refuse(text: str) -> NoReturn:
    words = _(
        "坐标系“%(system)s”不能导入。可以导入：WGS-84 或 2000 国家大地坐标系经纬度、2000 坐标系 3 度带或 6 度带投影、"
        "GCJ-02、BD-09；请先用测绘软件转换。"
    )
    raise UserError(words % {"system": text[:60]}, field="coordinate_system")


def of_prj(text: str) -> System:
    """What a Shapefile's .prj says."""
    marked = text.lower().replace("-", "").replace("_", "")
    for shifted in ("gcj02", "bd09"):
        if shifted in marked:
            return System(shifted)
    crs = _crs(text)
    datum = f"{crs.geodetic_crs.name} {crs.datum.name if crs.datum else ''}" if crs.geodetic_crs else crs.name
    if _OLD_DATUMS.search(datum):
        words = _("文件用的是“%(datum)s”，不能准确换算到 2000 坐标系；请向测绘部门要 2000 坐标系的成果。")
        raise UserError(words % {"datum": crs.name[:60]}, field="coordinate_system")
    if crs.is_geographic and (_DATUM_84.search(datum) or _DATUM_2000.search(datum)):
        return WGS84
    if crs.is_projected and _DATUM_2000.search(datum):
        return _of_projection(crs)
    _refuse(crs.name)


def _of_projection(crs: Any) -> System:
    given = {each.name: each.value for each in crs.coordinate_operation.params}
    meridian = given.get("Longitude of natural origin", 0)
    zone, rest = divmod(given.get("False easting", 0), 1_000_000)
    is_plain = given.get("Scale factor at natural origin") == 1 and given.get("Latitude of natural origin") == 0
    if meridian not in MERIDIANS or rest != CENTRE_EASTING or not is_plain:
        _refuse(crs.name)
    return System(f"epsg:{code_of(int(meridian))}", int(meridian), int(zone))


def _crs(text: str) -> Any:
    pyproj = _pyproj()
    try:
        return pyproj.CRS.from_wkt(text)
    except pyproj.exceptions.CRSError:
        _refuse(text)


def _pyproj() -> Any:
    try:
        import pyproj
        import pyproj.exceptions
    except ImportError as error:
        words = _("这台机器没有安装投影换算组件，请安装时加上 gis，或改用经纬度。")
        raise UserError(words, field="coordinate_system") from error
    return pyproj


def wrong(bounds: tuple[float, float, float, float], system: System) -> str:
    """Why coordinates within these bounds cannot be of this system, in the user's words; blank where they can."""
    return _wrong_metres(bounds, system) if system.is_projected else _wrong_degrees(bounds)


def _wrong_degrees(bounds: tuple[float, float, float, float]) -> str:
    west, south, east, north = bounds
    if max(map(abs, bounds)) > 100_000:
        return _("坐标是以米为单位的投影坐标，不是经纬度；请在“坐标系”里选 2000 坐标系投影和中央经线。")
    if CHINA[1] <= west and east <= CHINA[3] and CHINA[0] <= south and north <= CHINA[2]:
        return _("经度和纬度写反了，请把经度写在前面。")
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        return _("坐标超出经纬度范围，请核对是否经纬度写反或用了投影坐标。")
    if not (west >= CHINA[0] and east <= CHINA[2] and south >= CHINA[1] and north <= CHINA[3]):
        return _("坐标不在中国境内，请核对坐标系。")
    return ""


def _wrong_metres(bounds: tuple[float, float, float, float], system: System) -> str:
    west, south, east, north = bounds
    if max(map(abs, bounds)) <= 180:
        return _("坐标是经纬度，不是以米为单位的投影坐标；请在“坐标系”里选经纬度。")
    if _is_easting(south, north) and NORTHINGS[0] <= west and east <= NORTHINGS[1] and not _is_easting(west, east):
        return _("横坐标和纵坐标写反了，请把东坐标（横坐标）写在前面。")
    zone, is_zoned = int(west // 1_000_000), west >= 1_000_000
    if not (_is_easting(west, east) and NORTHINGS[0] <= south and north <= NORTHINGS[1]):
        return _("坐标超出 2000 坐标系投影的范围，请核对坐标系和单位。")
    if system.zone and is_zoned and zone != system.zone:
        return _("横坐标的带号是 %(zone)s，与坐标系的 %(right)s 不符。") % {"zone": zone, "right": system.zone}
    if not system.zone and system.meridian and is_zoned:
        return _zone_given(zone, system.meridian)
    return _("横坐标没有带号，请选中央经线。") if not system.meridian and not is_zoned else ""


def _zone_given(zone: int, meridian: int) -> str:
    if meridian_of(zone) == meridian:
        return ""
    return _("横坐标带有带号 %(zone)s，与所选中央经线 %(meridian)s° 不符。") % {"zone": zone, "meridian": meridian}


def _is_easting(low: float, high: float) -> bool:
    """Both lie in one zone, whose number may stand before."""
    zone = low // 1_000_000
    known = zone == 0 or zone in THREE_DEGREE_ZONES or zone in SIX_DEGREE_ZONES
    within = EASTINGS[0] <= low - zone * 1_000_000 and high - zone * 1_000_000 <= EASTINGS[1]
    return known and within


def meridian_of(zone: int) -> int:
    """The numbers of 3-degree (25–45) and 6-degree zones (13–23) do not overlap within China."""
    return zone * 3 if zone in THREE_DEGREE_ZONES else zone * 6 - 3


def converted(points: Points, system: System) -> Points:
    """(n, 2) coordinates as WGS-84 degrees; they have passed `wrong`."""
    if system.is_projected:
        return _from_plane(points, system)
    if system.name == "wgs84" or not len(points):
        return points
    # Neighbours share their corners: each is converted once, and stays the same point for both.
    return np.array([_unshifted(lon, lat, system.name) for lon, lat in points.tolist()])


@lru_cache(maxsize=200_000)
def _unshifted(lon: float, lat: float, system: str) -> tuple[float, float]:
    return to_wgs84(lon, lat, system)


def _from_plane(points: Points, system: System) -> Points:
    zones = points[:, 0] // 1_000_000
    eastings = points[:, 0] - zones * 1_000_000
    meridian = system.meridian or meridian_of(int(zones[0]))
    lons, lats = _transformer(meridian).transform(eastings, points[:, 1])
    return np.column_stack([lons, lats])


@cache
def _transformer(meridian: int) -> Any:
    transformer: Any = _pyproj().Transformer.from_crs(f"EPSG:{code_of(meridian)}", "EPSG:4490", always_xy=True)
    return transformer
