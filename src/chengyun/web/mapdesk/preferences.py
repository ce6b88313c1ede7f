"""How somebody likes the map; remembered per person, not per machine."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.people.access import Actor
from chengyun.web.mapdesk.drawings import person
from chengyun.web.mapdesk.models import MapPreference

COLOURS = ("lamp", "class")
# More layers than any county declares; what is sent is kept, so it has a bound.
MOST_LAYERS = 100
KEY = re.compile(r"[0-9A-Za-z_.-]{1,50}")


def remembered(actor: Actor) -> dict[str, Any]:
    found = MapPreference.objects.filter(user_id=person(actor)).values_list("choices", flat=True).first()
    return {"layers": {}, "colour": "lamp"} | (found or {})


def remember(sent: Any, *, by: Actor) -> None:
    choices = _checked(sent)
    MapPreference.objects.update_or_create(user_id=person(by), defaults={"choices": choices})


def _checked(sent: Any) -> dict[str, Any]:
    try:
        layers = {_key(key): _layer(each) for key, each in list(sent["layers"].items())[:MOST_LAYERS]}
        return {"layers": layers, "colour": COLOURS[COLOURS.index(sent["colour"])]}
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise UserError(_("地图设置无法识别，请刷新页面后再试。"), field="layers") from error


def _key(text: str) -> str:
    """As layers are called; nothing else is kept."""
    if not KEY.fullmatch(text):
        raise ValueError(text)
    return text


def _layer(each: dict[str, Any]) -> dict[str, Any]:
    return {"on": bool(each["on"]), "opacity": min(1.0, max(0.1, round(float(each["opacity"]), 2)))}
