"""Files of place names: GeoJSON, an Excel workbook or CSV, as rows of text under our own names and a geometry."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.tables.archives import measured
from chengyun.regions.services.reading.geojson import system_of
from chengyun.regions.systems import WGS84, System

# The page of a workbook that this program wrote; of another, the first.
SHEET = "地名"
NAMES = {
    "kind": ("kind", "类别", "类型", "种类"),
    "code": ("code", "代码", "编号", "编码"),
    "name": ("name", "名称", "地名", "标准地名"),
    "address": ("address", "地址", "门牌地址", "详细地址"),
    "lon": ("lon", "lng", "x", "经度", "横坐标"),
    "lat": ("lat", "y", "纬度", "纵坐标"),
}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """`number` as the user finds it; `geometry` is GeoJSON's, None where lon and lat say it."""

    number: int
    cells: dict[str, str]
    geometry: Any = None


def read(content: bytes) -> Iterator[PlaceRow]:
    if content.startswith(b"PK"):
        return _table(_sheet(content))
    text = _decoded(content)
    return _features(text) if text.lstrip().startswith("{") else _table(list(csv.reader(io.StringIO(text))))


def marked_system(content: bytes) -> System:
    """As a GeoJSON says it; a table is taken for degrees of WGS-84."""
    is_table = content.startswith(b"PK") or not _decoded(content).lstrip().startswith("{")
    return WGS84 if is_table else system_of(json.loads(_decoded(content)))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(_("文件的文字编码读不出，请存为 UTF-8 或 GBK。"), field="file")


def _sheet(content: bytes) -> list[Sequence[Any]]:
    try:
        with closing(openpyxl.load_workbook(measured(content), read_only=True, data_only=True)) as book:
            page = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
            return list(page.iter_rows(values_only=True))
    except Exception as error:  # whatever a damaged archive makes the library say
        raise UserError(_("文件不是 Excel 工作簿（.xlsx），请另存后再导入。"), field="file") from error


def _table(lines: Sequence[Sequence[Any]]) -> Iterator[PlaceRow]:
    titles = [_named(title) for title in lines[0]] if lines else []
    if "name" not in titles or not {"lon", "lat"} <= set(titles):
        raise UserError(_("第一行应是标题，至少有“名称”“经度”“纬度”三列；可有：类别、代码、地址。"), field="file")
    for number, line in enumerate(lines[1:], start=2):
        cells = {title: _text(cell) for title, cell in zip(titles, line, strict=False) if title}
        if any(cells.values()):
            yield PlaceRow(number, cells)


def _features(text: str) -> Iterator[PlaceRow]:
    try:
        features = json.loads(text)["features"]
        rows = [(each["properties"] or {}, each["geometry"]) for each in features]
        named = [({_named(key): _text(value) for key, value in cells.items()}, shape) for cells, shape in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(_("文件不是 GeoJSON 的 FeatureCollection，请重新导出。"), field="file") from error
    return (PlaceRow(number, cells, shape) for number, (cells, shape) in enumerate(named, start=1))


def _named(title: Any) -> str:
    text = str(title or "").strip().lower()
    return next((name for name, titles in NAMES.items() if text in titles), "")


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
