"""What every kind of file is read into, and the refusal of a file as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chengyun.regions.systems import WGS84, System

# What surveyors and other systems call the columns; a .dbf cuts names to ten bytes.
NAMES: Mapping[str, Sequence[str]] = {
    "code": (
        "code",
        "代码",
        "编码",
        "区划代码",
        "网格编码",
        "网格代码",
        "单元网格编码",
        "bm",
        "bgcode",
        "gridcode",
        "标识码",
    ),
    "name": ("name", "名称", "区划名称", "网格名称", "单元网格名称", "mc", "gridname"),
    "level": ("level", "层级", "级别", "lev"),
    "parent_code": ("parent_code", "parent_cod", "parent", "上级代码", "上级编码", "上级", "sjbm"),
    "area_class": ("area_class", "区域类别", "管理区域类别", "类别", "qylb"),
    "wkt": ("wkt", "geometry", "图形", "边界", "坐标串"),
}


class Unfit(Exception):
    """Why something cannot be read: the fault's kind, field and message."""

    def __init__(self, kind: str, field: str, message: str) -> None:
        super().__init__(message)
        self.kind, self.field, self.message = kind, field, message


@dataclass(frozen=True, slots=True)
class Feature:
    """`number` as the user finds it: the feature counted from 1, or the sheet's row. `geometry` is GeoJSON's."""

    number: int
    properties: Any
    geometry: Any


@dataclass(frozen=True, slots=True)
class Features:
    rows: Sequence[Feature]
    system: System = WGS84
    # Rows without a shape take the one of their code in the running version.
    is_joined: bool = False


def known(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties under our own names."""
    given = {str(name).strip().lower(): value for name, value in properties.items()}
    return {name: given[title] for name, titles in NAMES.items() for title in reversed(titles) if title in given}
