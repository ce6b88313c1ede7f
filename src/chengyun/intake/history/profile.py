"""A profile says how an older system wrote its cases: a TOML file, read and checked whole before the first row.

[system]     name, key (stands before the ids), zone (of its times)
[columns]    our field = its column; see COLUMNS
[states]     its word = open | closed | void
[place]      system (wgs84 gcj02 bd09), unknown = [[lon, lat], …] points that stand for «nobody knows»
[regions]    column, map: its district = our division code, for rows without a point
[departments] create (make those that we lack), map: its name = our code
[classes]    standard, kind, map: its class = our code
[sources]    default, map: its word = one of ours
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Source
from chengyun.core.errors import UserError
from chengyun.core.geometry import SYSTEMS
from chengyun.taxonomy.models import Kind

SHIPPED = Path(__file__).parent / "profiles"
REQUIRED = ("id", "opened_at", "state", "department", "class")
COLUMNS = (
    *REQUIRED, "due_at", "closed_at", "title", "words", "address", "lon", "lat", "source", "closing_note",
)  # fmt: skip
STATES = ("open", "closed", "void")
TABLES = ("system", "columns", "states", "place", "regions", "departments", "classes", "sources")
# Two coordinates nearer than this are the same written point; a hundred-thousandth of a degree is about a metre.
SAME_POINT = 1e-5

# A class's name as a case takes it; the rest of a longer one is cut, in the file and in the map alike.
MOST_CLASS = 50
IS_KEY = re.compile(r"[A-Za-z0-9_-]{1,30}")
IS_DIVISION = re.compile(r"\d{6}(\d{3}){0,2}", re.ASCII)

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Profile:
    name: str
    key: str
    zone: ZoneInfo
    columns: Mapping[str, str]
    states: Mapping[str, str]
    coordinates: str
    unknown_points: tuple[tuple[float, float], ...]
    region_column: str
    regions: Mapping[str, str]
    create_departments: bool
    departments: Mapping[str, str]
    standard: str
    kind: str
    classes: Mapping[str, str]
    source: str
    sources: Mapping[str, str]

    def is_unknown(self, lon: float, lat: float) -> bool:
        return any(abs(lon - x) < SAME_POINT and abs(lat - y) < SAME_POINT for x, y in self.unknown_points)


def read_profile(path: Path) -> Profile:
    """Raises UserError that names the table and key at fault. A bare name means a shipped example."""
    if not path.exists() and (shipped := SHIPPED / f"{path.name.removesuffix('.toml')}.toml").exists():
        path = shipped
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(_("方案文件 %s 不能读取，请检查路径，并以 UTF-8 保存") % path.name, field="profile") from error
    try:
        return _profile(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UserError(_("方案文件不是有效的 TOML：%s") % error, field="profile") from error


def _profile(tables: dict[str, Any]) -> Profile:
    for name in tables:
        if name not in TABLES or not isinstance(tables[name], dict):
            raise _fault(name, _("没有这一节，可用：%s") % "、".join(TABLES))
    system, place, departments, classes, sources = (
        tables.get(name, {}) for name in ("system", "place", "departments", "classes", "sources")
    )
    return Profile(
        name=_text(system, "system.name", 50),
        key=_key(_text(system, "system.key", 30)),
        zone=_zone(_text(system, "system.zone", 60)),
        columns=_columns(tables.get("columns", {})),
        states=_map(tables.get("states", {}), "states", STATES),
        coordinates=_one_of(place.get("system", "wgs84"), "place.system", SYSTEMS),
        unknown_points=_points(place.get("unknown", [])),
        region_column=str(tables.get("regions", {}).get("column", "")),
        regions=_divisions(_map(tables.get("regions", {}).get("map", {}), "regions.map")),
        create_departments=_flag(departments.get("create", False), "departments.create"),
        departments=_map(departments.get("map", {}), "departments.map"),
        standard=str(classes.get("standard", "")),
        kind=_one_of(classes.get("kind", Kind.MATTER), "classes.kind", Kind.values),
        classes=_map(classes.get("map", {}), "classes.map"),
        source=_one_of(sources.get("default", ""), "sources.default", Source.values),
        sources=_map(sources.get("map", {}), "sources.map", Source.values),
    )


def _fault(key: str, reason: str) -> UserError:
    return UserError(_("方案的“%(key)s”：%(reason)s") % {"key": key, "reason": reason}, field=key)


def _text(table: Table, key: str, most: int) -> str:
    value = table.get(key.partition(".")[2])
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most:
        raise _fault(key, _("请填写 1 到 %d 字") % most)
    return value.strip()


def _key(text: str) -> str:
    """It begins every id and the codes of departments that are made, so that two systems never meet."""
    if not IS_KEY.fullmatch(text):
        raise _fault("system.key", _("只能用字母、数字、横线和下划线"))
    return text


def _divisions(given: dict[str, str]) -> dict[str, str]:
    for word, code in given.items():
        if not IS_DIVISION.fullmatch(code):
            raise _fault(f"regions.map.{word}", _("区划代码应为 6、9 或 12 位数字"))
    return given


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _fault("system.zone", _("没有时区“%s”，例如 Asia/Shanghai") % name) from error


def _columns(given: Table) -> dict[str, str]:
    for name in given:
        _one_of(name, f"columns.{name}", COLUMNS)
    missing = [name for name in REQUIRED if not given.get(name)]
    if missing:
        raise _fault("columns", _("缺少：%s") % "、".join(missing))
    if bool(given.get("lon")) != bool(given.get("lat")):
        raise _fault("columns", _("lon 和 lat 必须一起填写"))
    return {name: str(column) for name, column in given.items() if column}


def _map(given: Any, key: str, allowed: tuple[str, ...] | list[str] = ()) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise _fault(key, _("应是“旧系统的写法 = 本系统的写法”"))
    for word, value in given.items():
        if allowed:
            _one_of(value, f"{key}.{word}", allowed)
    return dict(given)


def _one_of(value: Any, key: str, allowed: tuple[str, ...] | list[str]) -> str:
    if value not in allowed:
        raise _fault(key, _("“%(value)s”不可用，可用：%(all)s") % {"value": value, "all": "、".join(allowed)})
    return str(value)


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise _fault(key, _("请写 true 或 false"))
    return value


def _points(given: Any) -> tuple[tuple[float, float], ...]:
    try:
        return tuple((float(lon), float(lat)) for lon, lat in given)
    except (TypeError, ValueError) as error:
        raise _fault("place.unknown", _("应是 [[经度, 纬度], …]")) from error
