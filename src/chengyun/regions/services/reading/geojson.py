from __future__ import annotations

import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from chengyun.regions.services.reading.features import Feature, Features, Unfit
from chengyun.regions.systems import WGS84, System, named


def read(content: bytes) -> Features:
    collection = _collection(content)
    rows = [_feature(number, each) for number, each in enumerate(collection["features"], start=1)]
    return Features(rows, system_of(collection))


def _feature(number: int, feature: Any) -> Feature:
    given = feature if isinstance(feature, dict) else {}
    return Feature(number, given.get("properties"), given.get("geometry"))


def _collection(content: bytes) -> dict[str, Any]:
    try:
        found: Any = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unfit("not_json", "", _("文件不是 UTF-8 编码，请另存为 UTF-8 后再导入。")) from error
    except (ValueError, RecursionError) as error:
        words = _("文件不是完整的 JSON（第 %(line)s 行），请重新导出。")
        raise Unfit("not_json", "", words % {"line": getattr(error, "lineno", "?")}) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise Unfit("not_collection", "type", _("文件不是 GeoJSON 的 FeatureCollection，请重新导出。"))
    if not features:
        raise Unfit("not_collection", "features", _("文件里没有任何区域。"))
    return {**found, "features": features}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def system_of(collection: dict[str, Any]) -> System:
    """Our own member `coordinate_system`, or the old `crs` name."""
    crs = collection.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    text = collection.get("coordinate_system") or name
    return named(text) if isinstance(text, str) else WGS84
