"""Files as surveyors send them, made of the county of `land`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl
import shapefile
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from chengyun.regions.models import Level
from chengyun.regions.tests import land

Row = tuple[Level, str, str, BaseGeometry]
LEVELS = {Level.COUNTY: "县", Level.TOWNSHIP: "街道", Level.COMMUNITY: "社区", Level.CELL: "单元网格"}


def zipped(rows: Iterable[Row] = (), *, epsg: int = 4548, encoding: str = "gbk", **more: bytes | None) -> bytes:
    """A Shapefile in a .zip; `more` replaces its parts (prj=None leaves one out)."""
    parts = _layer(list(rows) or list(land.regions()), _projection(epsg), encoding)
    parts |= {"prj": CRS.from_epsg(epsg).to_wkt("WKT1_ESRI").encode(), "cpg": encoding.encode()} | more
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(f"单元网格/cells.{name}", content)
    return packed.getvalue()


def _projection(epsg: int) -> Callable[[Any, Any], Any]:
    return Transformer.from_crs(4490, epsg, always_xy=True).transform


def _layer(rows: list[Row], project: Callable[[Any, Any], Any], encoding: str) -> dict[str, bytes | None]:
    streams = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**streams, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        for title in ("代码", "名称", "级别"):
            writer.field(title, "C", 60)
        for level, code, _parent, shape in rows:
            plane = shapely.transform(shape, project, interleaved=False)
            writer.poly([list(ring.coords) for ring in _rings(plane)])
            writer.record(code, f"网格{code[-3:]}", LEVELS[level])
    return {name: stream.getvalue() for name, stream in streams.items()}


def _rings(shape: Any) -> list[Any]:
    return [shapely.LinearRing(list(shape.exterior.coords)[::-1] if shape.exterior.is_ccw else shape.exterior)]


def workbook(*lines: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
