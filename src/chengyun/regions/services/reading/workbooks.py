"""An Excel workbook: a row per region with its attributes.

Its outline is given as WKT, or is that of its code in the running version.

A cell of Excel holds 32,767 characters, some 800 corners; larger outlines come as Shapefile or GeoJSON.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import openpyxl
import shapely
from django.utils.translation import gettext as _

from chengyun.core.tables.archives import UNREADABLE, measured
from chengyun.regions.services.reading.features import Feature, Features, Unfit, known

LONGEST_CELL = 32_767


def read(content: bytes) -> Features:
    lines = _lines(content)
    titles = [str(title or "") for title in lines[0]] if lines else []
    if "code" not in known(dict.fromkeys(titles)):
        raise Unfit(
            "not_sheet", "code", _("第一行应是标题，至少有“代码”一列；可有：名称、层级、上级代码、区域类别、图形。")
        )
    rows = [
        _feature(number, dict(zip(titles, line, strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(cell not in (None, "") for cell in line)
    ]
    if not rows:
        raise Unfit("not_collection", "features", _("文件里没有任何区域。"))
    return Features(rows, is_joined=True)


def _lines(content: bytes) -> list[tuple[Any, ...]]:
    try:
        with closing(openpyxl.load_workbook(measured(content), read_only=True, data_only=True)) as book:
            return [tuple(line) for line in book.worksheets[0].iter_rows(values_only=True)]
    except UNREADABLE as error:
        raise Unfit("not_sheet", "", _("文件不是 Excel 工作簿（.xlsx），请另存后再导入。")) from error


def _feature(number: int, cells: dict[str, Any]) -> Feature:
    properties = known(cells)
    wkt = properties.pop("wkt", None)
    plain = {name: _plain(value) for name, value in properties.items()}
    return Feature(number, plain, _geometry(wkt))


def _plain(value: Any) -> Any:
    """Excel keeps codes as numbers, and numbers as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _geometry(wkt: Any) -> Any:
    """None: no shape is given. What cannot be read stays text, and the row is refused for it."""
    text = str(wkt or "").strip()
    if not text:
        return None
    shape = shapely.from_wkt(text, on_invalid="ignore") if len(text) < LONGEST_CELL else None
    return shapely.geometry.mapping(shape) if shape is not None else text
