"""Base tiles from outside, only when a county sets them; the page's content policy then opens for their host alone.

Tianditu serves CGCS2000, which agrees with our WGS-84 within the accuracy of a case. Tiles of the shifted GCJ-02 system
would lie some hundred metres off.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

from csp.constants import SELF
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from chengyun.core import configuration
from chengyun.core.errors import UserError

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/%(layer)s_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=%(layer)s"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
KNOWN = {"tianditu": TIANDITU % {"layer": "vec"}, "tianditu-image": TIANDITU % {"layer": "img"}}
SERVERS = "0123"
# The host goes into the page's content policy, where a blank or a semicolon would begin another rule.
ADDRESS = re.compile(r"https?://[0-9A-Za-z.{}-]+(:\d{1,5})?/[!-~]*\Z")


def check_tiles(value: Any) -> None:
    text = KNOWN.get(value, value) if isinstance(value, str) else None
    if text == "":
        return
    if text is None or not ADDRESS.match(text) or not all(f"{{{name}}}" in text for name in "zxy"):
        raise UserError(
            _("底图瓦片应留空，或填 tianditu、tianditu-image，或填含 {z}、{x}、{y} 的 http(s) 地址。"),
            field="map.tiles",
        )


def base_tiles() -> dict[str, Any] | None:
    """What the browser asks for; None where none are set, or the key that the address needs is absent."""
    pattern = str(configuration.value("map.tiles"))
    pattern = KNOWN.get(pattern, pattern)
    if not pattern or ("{key}" in pattern and not settings.MAP_KEY):
        return None
    with_key = pattern.replace("{key}", quote(settings.MAP_KEY))
    servers = SERVERS if "{s}" in pattern else "0"
    return {"tiles": [with_key.replace("{s}", server) for server in servers], "credit": _credit(pattern)}


def _credit(pattern: str) -> str:
    return str(_("天地图")) if "tianditu.gov.cn" in pattern else urlsplit(pattern).hostname or ""


def open_policy(response: HttpResponse, tiles: dict[str, Any] | None) -> None:
    """This one page may load pictures from the tiles' hosts, nothing else, and no other page may."""
    if tiles:
        hosts = [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, tiles["tiles"])]
        response._csp_update = {"img-src": hosts, "connect-src": [SELF, *hosts]}  # type: ignore[attr-defined]
