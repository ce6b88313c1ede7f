"""Census files as lines of text: CSV, Excel, GeoJSON points, Shapefile points. The first line is the heading."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chengyun.assets.reading import workbook
from chengyun.core.errors import UserError
from chengyun.core.tables.archives import UNREADABLE

Line = list[str]


def lines(path: Path) -> Iterator[Line]:
    """Raises UserError in the reader's words where the file cannot be read to its end."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UserError(_("部件普查文件应为 .csv、.xlsx、.geojson 或 .shp。"), field="file")
    try:
        yield from reader(path)
    except FileNotFoundError as error:
        raise UserError(_("读不到文件 %(file)s。") % {"file": path}, field="file") from error
    except (*UNREADABLE, csv.Error) as error:
        raise UserError(_("文件内容读不出来（%(why)s），请另存后再导入。") % {"why": error}, field="file") from error


def _csv(path: Path) -> Iterator[Line]:
    with path.open(encoding=_encoding(path), newline="") as text:
        for line in csv.reader(text):
            yield [cell.strip() for cell in line]


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is, else GB18030, in which Excel in Chinese Windows saves CSV."""
    try:
        with path.open(encoding="utf-8", newline="") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _geojson(path: Path) -> Iterator[Line]:
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    features = content["features"]
    names = list(dict.fromkeys(name for feature in features[:1000] for name in feature["properties"]))
    yield [*names, "经度", "纬度"]
    for feature in features:
        properties, geometry = feature["properties"], feature["geometry"] or {}
        lon, lat = geometry["coordinates"][:2] if geometry.get("type") == "Point" else ("", "")
        yield [*(_text(properties.get(name)) for name in names), str(lon), str(lat)]


def _shapefile(path: Path) -> Iterator[Line]:
    try:
        import shapefile
    except ImportError as error:
        raise UserError(_("读 Shapefile 需要安装 gis 组件：pip install 'chengyun[gis]'。"), field="file") from error
    with shapefile.Reader(str(path), encoding=_dbf_encoding(path), encodingErrors="replace") as reader:
        yield [*(field[0] for field in reader.fields[1:]), "经度", "纬度"]
        for each in reader.iterShapeRecords():
            point = each.shape.points[0] if each.shape.points else ("", "")
            yield [*map(_text, each.record), str(point[0]), str(point[1])]


def _dbf_encoding(path: Path) -> str:
    """What the .cpg beside it says; without one the files of Chinese offices are GB18030."""
    cpg = path.with_suffix(".cpg")
    named = cpg.read_text(encoding="ascii", errors="ignore").strip() if cpg.exists() else ""
    return {"": "gb18030", "936": "gb18030", "GBK": "gb18030", "GB2312": "gb18030"}.get(named.upper(), named)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a code typed as a number
    return str(cell)


READERS: dict[str, Callable[[Path], Iterator[Line]]] = {
    ".csv": _csv,
    ".xlsx": workbook.lines,
    ".geojson": _geojson,
    ".json": _geojson,
    ".shp": _shapefile,
}
