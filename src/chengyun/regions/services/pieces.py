"""Reading a file of regions: from bytes to pieces, with a fault for each feature that cannot be one.

Pieces keep the degrees of the file, so that places in faults can be found in it; `converted` moves them to WGS-84. Only
projected metres become degrees at once, since what follows measures in degrees.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from chengyun.core.errors import UserError
from chengyun.regions import systems
from chengyun.regions.codes import LENGTH, begins_below, parent_by_code
from chengyun.regions.models import Level, Region
from chengyun.regions.services.reading import geojson, shapefiles, workbooks
from chengyun.regions.services.reading.features import Feature, Features, Unfit
from chengyun.regions.systems import WGS84, System

# The shifted systems bend a line of this length by less than 2 cm; so does a projection.
STRAIGHT_DEGREES, STRAIGHT_METRES = 0.005, 500
AREAS = ("Polygon", "MultiPolygon")

# What people write for a level, besides its key and its label.
_LEVEL_WORDS = {
    **{str(level.label): level for level in Level},
    "网格": Level.CELL, "社区": Level.COMMUNITY, "村": Level.COMMUNITY, "乡镇": Level.TOWNSHIP, "街道": Level.TOWNSHIP,
    "镇": Level.TOWNSHIP, "乡": Level.TOWNSHIP, "县": Level.COUNTY, "区": Level.COUNTY,
}  # fmt: skip
_LEVEL_OF_LENGTH = {15: Level.CELL, 12: Level.COMMUNITY, 9: Level.TOWNSHIP, 6: Level.COUNTY}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and what to do. `feature` counts from 1 (in a workbook: the row); 0 is the file as a whole.

    `shape` is the land that it is about (an overlap, a gap), in the degrees of the file.
    """

    kind: str
    feature: int
    code: str
    field: str
    message: str
    shape: BaseGeometry | None = None

    def __str__(self) -> str:
        if not self.feature:
            return self.message
        return _("第 %(feature)s 个要素（%(code)s）的 %(field)s：%(message)s") % {
            "feature": self.feature,
            "code": self.code or _("无代码"),
            "field": self.field,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """One region as the file has it; feature 0 is taken over from the running version."""

    feature: int
    level: Level
    code: str
    parent_code: str
    name: str
    area_class: str
    shape: BaseGeometry

    def fault(self, kind: str, field: str, message: str, shape: BaseGeometry | None = None) -> Fault:
        return Fault(kind, self.feature, self.code, field, message, shape)


@dataclass(frozen=True, slots=True)
class Reading:
    pieces: Sequence[Piece] = ()
    faults: Sequence[Fault] = ()
    system: str = "wgs84"
    # Features that cannot be regions, as far as they can be drawn.
    sketches: Sequence[Piece] = ()


def read(content: bytes, system: str = "") -> Reading:
    """`system` as `regions.systems` names them; blank: what the file says of itself, else WGS-84."""
    try:
        features = _features(content)
        used = systems.named(system) if system else features.system
        _check_whole(features, used)
    except Unfit as unfit:
        return Reading(faults=[Fault(unfit.kind, 0, "", unfit.field, unfit.message)])
    except UserError as error:
        return Reading(faults=[Fault("system", 0, "", "coordinate_system", str(error))])
    return _read(_joined(features) if features.is_joined else features.rows, used)


def converted(pieces: Sequence[Piece], system: str) -> Sequence[Piece]:
    """The pieces in WGS-84."""
    if system == "wgs84":
        return pieces
    return [replace(piece, shape=moved(piece.shape, system)) for piece in pieces]


def moved(shape: BaseGeometry, system: str) -> BaseGeometry:
    """The shape in WGS-84. A straight line is not straight in the other system: a parent's long side must bend as its
    children's short ones do."""
    used = systems.named(system)
    if used == WGS84:
        return shape
    step = STRAIGHT_METRES if used.is_projected else STRAIGHT_DEGREES
    # To segmentize also mends: an outline that crosses itself is to be seen as it is.
    fine = shapely.segmentize(shape, step) if shapely.is_valid(shape) else shape
    found: BaseGeometry = shapely.transform(fine, lambda points: systems.converted(points, used))
    return found


def _features(content: bytes) -> Features:
    if not content.startswith(b"PK"):
        return geojson.read(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            is_workbook = "[Content_Types].xml" in archive.namelist()
    except zipfile.BadZipFile as error:
        raise Unfit("not_zip", "", _("压缩包打不开或有密码，请重新压缩为 .zip。")) from error
    return workbooks.read(content) if is_workbook else shapefiles.read(content)


def _check_whole(features: Features, system: System) -> None:
    """Where the first outline cannot be of the system, all cannot: one sentence instead of thousands."""
    reasons = set()
    for shape in (_drawn(row.geometry) for row in features.rows[:20]):
        if shape is not None:
            reasons.add(systems.wrong(shape.bounds, system))
    if len(reasons) == 1 and len(features.rows) > 1 and "" not in reasons:
        raise Unfit("coordinates", "geometry", reasons.pop())


def _read(rows: Sequence[Feature], system: System) -> Reading:
    found: list[Piece] = []
    faults: list[Fault] = []
    sketches: list[Piece] = []
    for row in rows:
        try:
            found.append(_piece(row, system))
        except Unfit as unfit:
            faults.append(Fault(unfit.kind, row.number, _code_of(row), unfit.field, unfit.message))
            sketches += _sketch(row, system)
    single = _without_duplicates(found, faults)
    kept = {piece.feature for piece in single}
    sketches += [piece for piece in found if piece.feature not in kept]
    return Reading(single, faults, WGS84.name if system.is_projected else system.name, sketches)


def _joined(features: Features) -> list[Feature]:
    """Rows of a workbook with the outlines of the running version, where they bring none."""
    codes = {_code_of(row) for row in features.rows if row.geometry is None}
    regions = Region.objects.filter(version__is_active=True, code__in=codes) if codes else []
    outlines = {region.code: bytes(region.shape) for region in regions}
    return [_with_outline(row, outlines.get(_code_of(row))) for row in features.rows]


def _with_outline(row: Feature, outline: bytes | None) -> Feature:
    if row.geometry is not None or outline is None:
        return row
    return replace(row, geometry=shapely.geometry.mapping(shapely.from_wkb(outline)))


def _piece(row: Feature, system: System) -> Piece:
    properties = row.properties
    if not isinstance(properties, dict):
        raise Unfit("missing", "properties", _("缺少属性，请补上 code、name、level。"))
    code = _text(properties, "code")
    level = _level(properties, code)
    _check_code(level, code)
    parent_code = _text(properties, "parent_code") or parent_by_code(level, code)
    if parent_code and not code.startswith(begins_below(parent_code)):
        raise Unfit("prefix", "parent_code", _("代码不以上级代码 %(code)s 开头，请核对。") % {"code": parent_code})
    return Piece(
        feature=row.number,
        level=level,
        code=code,
        parent_code=parent_code,
        name=_text(properties, "name", longest=100),
        area_class=_text(properties, "area_class", longest=10),
        shape=_shape(row.geometry, system),
    )


def _level(properties: dict[str, Any], code: str) -> Level:
    text = _text(properties, "level")
    guessed = _LEVEL_OF_LENGTH.get(len(code)) if "level" not in properties else None
    level = _LEVEL_WORDS.get(text) or guessed
    if level:
        return level
    try:
        return Level(text)
    except ValueError as error:
        words = _("层级“%(level)s”不认识，请填 prefecture、county、township、community 或 cell。")
        raise Unfit("level", "level", words % {"level": text}) from error


def _check_code(level: Level, code: str) -> None:
    if not (code.isascii() and code.isdigit()):
        raise Unfit("code", "code", _("代码应全为数字，请核对。"))
    if len(code) != LENGTH[level]:
        words = _("%(level)s代码应为 %(right)s 位，现在是 %(now)s 位。")
        raise Unfit("code", "code", words % {"level": level.label, "right": LENGTH[level], "now": len(code)})


def _text(properties: dict[str, Any], name: str, longest: int = 20) -> str:
    value = properties.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unfit("missing", name, _("应为文字，请核对。"))
    text = str(value).strip()
    if len(text) > longest:
        raise Unfit("missing", name, _("太长，最多 %(longest)s 个字。") % {"longest": longest})
    return text


def _drawn(geometry: Any) -> BaseGeometry | None:
    if not isinstance(geometry, dict) or geometry.get("type") not in AREAS:
        return None
    shape: BaseGeometry | None = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    return None if shape is None or shape.is_empty else shapely.force_2d(shape)


def _shape(geometry: Any, system: System) -> BaseGeometry:
    shape = _drawn(geometry)
    if shape is None:
        raise Unfit("geometry", "geometry", _no_shape(geometry))
    reason = systems.wrong(shape.bounds, system)
    if reason:
        raise Unfit("coordinates", "geometry", reason)
    _check_valid(shape)
    return moved(shape, system.name) if system.is_projected else shape


def _no_shape(geometry: Any) -> str:
    if geometry is None:
        return _("没有图形，现行版本里也没有这个代码的边界；请补上图形。")
    if isinstance(geometry, dict) and geometry.get("type") in AREAS:
        return _("坐标不完整或首尾不相接，请补全这个面。")
    return _("图形应是完整的 Polygon 或 MultiPolygon，请改用面。")


def _check_valid(shape: BaseGeometry) -> None:
    if shapely.is_valid(shape):
        return
    reason, _bracket, place = shapely.is_valid_reason(shape).rstrip("]").partition("[")
    # Tenths of a metre, in degrees or in metres.
    place = " ".join(f"{float(each):.{1 if abs(float(each)) > 180 else 6}f}" for each in place.split())
    if "Self-intersection" in reason:
        raise Unfit("self_intersection", "geometry", _("边界在 %(place)s 自相交，请改正这一处。") % {"place": place})
    raise Unfit("geometry", "geometry", _("图形在 %(place)s 处不成面，请改正这一处。") % {"place": place})


def _code_of(row: Feature) -> str:
    return str(row.properties.get("code") or "").strip()[:20] if isinstance(row.properties, dict) else ""


def _sketch(row: Feature, system: System) -> Iterator[Piece]:
    """What can be drawn of a feature that is no region, so that the map shows where to look."""
    shape = _drawn(row.geometry)
    if shape is not None and not systems.wrong(shape.bounds, system):
        drawn = moved(shape, system.name) if system.is_projected else shape
        yield Piece(row.number, Level.CELL, _code_of(row), "", "", "", drawn)


def _without_duplicates(pieces: Sequence[Piece], faults: list[Fault]) -> list[Piece]:
    first: dict[str, Piece] = {}
    for piece in pieces:
        other = first.setdefault(piece.code, piece)
        if other is not piece:
            words = _("代码与第 %(feature)s 个要素重复，请改正其中一个。")
            faults.append(piece.fault("duplicate", "code", words % {"feature": other.feature}))
    return list(first.values())
