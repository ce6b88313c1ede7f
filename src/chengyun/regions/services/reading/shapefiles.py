"""A zipped Shapefile: one or more layers, each of .shp, .dbf, and perhaps .shx, .prj and .cpg."""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from chengyun.regions.services.reading.features import Feature, Features, Unfit, known
from chengyun.regions.systems import WGS84, System, of_prj

# A county's cells are some megabytes; more is a mistake or an attack.
MAX_BYTES = 300_000_000
PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
# Names that a .cpg has for what Python calls otherwise; GB 18030 reads GBK and GB 2312 too.
ENCODINGS = {"936": "gb18030", "cp936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "65001": "utf-8"}

# What the library lets through when bytes are missing or wrong.
_BROKEN = (Warning, struct.error, LookupError, AttributeError, TypeError, EOFError, ValueError, OSError, AssertionError)

Layer = Mapping[str, bytes]


def read(content: bytes) -> Features:
    layers = _layers(content)
    systems = {of_prj(layer[".prj"].decode("utf-8", "replace")) if ".prj" in layer else WGS84 for layer in layers}
    if len(systems) > 1:
        raise Unfit("system", "coordinate_system", _("压缩包里各图层的坐标系不同，请统一后再导入。"))
    rows = [each for layer in layers for each in _records(layer)]
    if not rows:
        raise Unfit("not_collection", "features", _("文件里没有任何区域。"))
    numbered = [Feature(number, properties, shape) for number, (properties, shape) in enumerate(rows, start=1)]
    return Features(numbered, _only(systems))


def _only(systems: set[System]) -> System:
    return next(iter(systems))


def _layers(content: bytes) -> list[Layer]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            layers = _unpacked(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Unfit("not_zip", "", _("压缩包打不开或有密码，请重新压缩为 .zip。")) from error
    found: list[Layer] = [layer for _name, layer in sorted(layers.items()) if ".shp" in layer]
    if not found:
        raise Unfit("not_zip", "", _("压缩包里没有 .shp 文件，请把 .shp、.dbf、.prj 一起压缩。"))
    if any(".dbf" not in layer for layer in found):
        raise Unfit("not_zip", "", _("压缩包里缺 .dbf 属性表，请把 .shp、.dbf、.prj 一起压缩。"))
    return found


def _unpacked(archive: zipfile.ZipFile) -> dict[str, dict[str, bytes]]:
    layers: dict[str, dict[str, bytes]] = {}
    files = [info for info in archive.infolist() if PurePosixPath(info.filename.lower()).suffix in PARTS]
    if sum(info.file_size for info in files) > MAX_BYTES:
        raise Unfit("not_zip", "", _("压缩包展开后超过 300 MB，请分开导入。"))
    for info in files:
        path = PurePosixPath(info.filename.lower())
        if not path.name.startswith("."):
            layers.setdefault(str(path.with_suffix("")), {})[path.suffix] = archive.read(info)
    return layers


def _encoding(layer: Layer) -> str:
    """What the .cpg says, where the table can be read so; it is often missing and sometimes wrong."""
    declared = layer.get(".cpg", b"").decode("ascii", "ignore").strip().lower()
    for encoding in (ENCODINGS.get(declared, declared), "utf-8", "gb18030"):
        try:
            _words_of(layer[".dbf"]).decode(encoding or "utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
        return encoding or "utf-8"
    raise Unfit("not_shapefile", "", _("属性表的文字编码读不出，请存为 UTF-8 或 GBK。"))


def _words_of(table: bytes) -> bytes:
    """The names and values of a .dbf, without the numbers of its header (32 bytes, then 32 per field)."""
    header = int.from_bytes(table[8:10], "little")
    names = [table[at : at + 11].split(b"\0")[0] for at in range(32, header - 31, 32)]
    return b" ".join([*names, table[header:].rstrip(b"\x1a\0")])


def _records(layer: Layer) -> list[tuple[dict[str, Any], Any]]:
    shapefile, encoding = _pyshp(), _encoding(layer)
    streams = {name[1:]: io.BytesIO(layer[name]) for name in (".shp", ".dbf", ".shx") if name in layer}
    try:
        # What it warns of (a length that is not the header's) makes the rest doubtful.
        with warnings.catch_warnings(action="error"), shapefile.Reader(**streams, encoding=encoding) as reader:
            if reader.shapeTypeName not in ("POLYGON", "POLYGONZ", "POLYGONM"):
                raise Unfit("geometry", "geometry", _("图层应是面（Polygon），请改用面。"))
            return [(known(each.record.as_dict()), _geometry(each.shape)) for each in reader.iterShapeRecords()]
    except (shapefile.ShapefileException, *_BROKEN) as error:
        raise Unfit("not_shapefile", "", _("Shapefile 不完整或已损坏，请重新导出。")) from error


def _geometry(shape: Any) -> dict[str, Any] | None:
    """A single ring as it stands: sorting rings by their direction would lose one that crosses itself."""
    if not shape.points:
        return None
    if len(shape.parts) == 1:
        return {"type": "Polygon", "coordinates": [[list(point[:2]) for point in shape.points]]}
    return dict(shape.__geo_interface__)


def _pyshp() -> Any:
    try:
        import shapefile

        # It warns of rings without an outer one; our own checks name the shape.
        logging.getLogger("shapefile").setLevel(logging.ERROR)
    except ImportError as error:
        raise Unfit(
            "not_shapefile", "", _("这台机器没有安装 Shapefile 组件，请安装时加上 gis，或改用 GeoJSON。")
        ) from error
    return shapefile
