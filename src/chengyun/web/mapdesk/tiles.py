"""Base tiles from outside: how an address is written, what the browser asks for, and the page's content policy.

Tianditu serves CGCS2000, which agrees with our WGS-84 within the accuracy of a case. Tiles of the shifted GCJ-02 system
lie some hundred metres off; such a source says so, and is off until somebody switches it on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

from csp.constants import SELF
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.web.mapdesk.models import TileSource

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/%(layer)s_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=%(layer)s"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
# Words that stand for an address.
KNOWN: Final = {"tianditu": TIANDITU % {"layer": "vec"}, "tianditu-image": TIANDITU % {"layer": "img"}}
SERVERS = "0123"
DEEPEST: Final = 22
# The host goes into the page's content policy, where a blank or a semicolon would begin another rule.
ADDRESS = re.compile(r"https?://[0-9A-Za-z.{}-]+(:\d{1,5})?/[!-~]*\Z")
# What services call the key in their addresses.
SECRETS = frozenset({"tk", "key", "ak", "sk", "token", "access_token", "apikey", "api_key", "secret"})


def address_of(text: str) -> str:
    """The address that was written, or that a known word stands for. Raises UserError; no key stands in it itself."""
    address = KNOWN.get(text, text)
    if not ADDRESS.match(address) or not all(f"{{{name}}}" in address for name in "zxy"):
        message = _("请填含 {z}、{x}、{y} 的 http(s) 地址，或填 tianditu（天地图矢量）、tianditu-image（天地图影像）。")
        raise UserError(message, field="address")
    given = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    if any(name.lower() in SECRETS and value != "{key}" for name, value in given):
        message = _("地址里不写密钥：请在那里写 {key}，密钥放进环境变量 CHENGYUN_MAP_KEY。")
        raise UserError(message, field="address")
    return address


def lacks_key(source: TileSource) -> bool:
    return "{key}" in source.address and not settings.MAP_KEY


def base_layers() -> list[dict[str, Any]]:
    """The sources that are valid today, as the page draws them one above the other. One statement.

    One that needs a key which the environment does not have is not asked for. The first that is not shifted is shown
    until somebody chooses otherwise.
    """
    sources = [
        source for source in TileSource.objects.on(today()).order_by("sort_order", "pk") if not lacks_key(source)
    ]
    first = next((source for source in sources if not source.is_shifted), None)
    return [_layer(source, shown=source is first) for source in sources]


def _layer(source: TileSource, *, shown: bool) -> dict[str, Any]:
    address = source.address.replace("{key}", quote(settings.MAP_KEY))
    servers = SERVERS if "{s}" in address else "0"
    return {
        "key": source.layer_key,
        "title": _("%(name)s（GCJ-02，偏几百米）") % {"name": source.name} if source.is_shifted else source.name,
        "tiles": [address.replace("{s}", server) for server in servers],
        "credit": source.credit,
        "min_zoom": source.min_zoom,
        "max_zoom": source.max_zoom,
        "shown": shown,
    }


def open_policy(response: HttpResponse, layers: Sequence[dict[str, Any]]) -> None:
    """This one page may load pictures from the sources' hosts, nothing else, and no other page may."""
    parts = [urlsplit(address) for layer in layers for address in layer["tiles"]]
    hosts = list(dict.fromkeys(f"{each.scheme}://{each.netloc}" for each in parts))
    if hosts:
        response._csp_update = {"img-src": hosts, "connect-src": [SELF, *hosts]}  # type: ignore[attr-defined]
