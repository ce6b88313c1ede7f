"""The declared map layers as the browser takes them (docs/interfaces.md, «Map layers»)."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from chengyun.core.declarations import MapLayer, collect


def described(roles: frozenset[str], *, on_screen: bool = False) -> list[dict[str, Any]]:
    """The layers that somebody in these roles may see, in order, with their addresses; or those of the screen alone."""
    offered = [layer for layer in collect(MapLayer) if _is_for(layer, roles) and layer.on_screen >= on_screen]
    return [_described(layer, address) for layer in offered if (address := _address(layer))]


def _is_for(layer: MapLayer, roles: frozenset[str]) -> bool:
    may_see = not layer.roles or not layer.roles.isdisjoint(roles)
    return may_see and (layer.offered is None or layer.offered())


def _described(layer: MapLayer, address: str) -> dict[str, Any]:
    return {
        "key": layer.key,
        "title": str(layer.title),
        "group": str(layer.group),
        "url": address,
        "shown": layer.shown,
        "source": layer.source,
        "tile_layer": layer.tile_layer or layer.key,
        "by_box": layer.by_box,
        "form": layer.form,
        "colour": layer.colour,
        "min_zoom": layer.min_zoom,
        "label": layer.label,
        "link": layer.link,
    }


def _address(layer: MapLayer) -> str:
    """Blank while the module's address is not hung up; of tiles the pattern with {z}, {x} and {y}."""
    try:
        if layer.source != "mvt":
            return reverse(layer.url_name)
        return reverse(layer.url_name, kwargs={"z": 0, "x": 0, "y": 0}).replace("/0/0/0", "/{z}/{x}/{y}")
    except NoReverseMatch:
        return ""
