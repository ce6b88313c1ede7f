"""What follows from a component's own columns: its place in whole numbers, its regions, its caption, its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chengyun.assets import mercator
from chengyun.assets.models import Caption, Component
from chengyun.regions.locate import Place, locate

# Seven decimals of a degree are a centimetre.
DECIMALS: Final = 7
# What a component says; an import compares these, and history tells them.
CONTENT: Final = (
    "identifier", "former_identifier", "name", "minor_id", "class_code", "state", "manager_id", "owner_id",
    "maintainer_id", "lon", "lat", "accuracy", "township_code", "community_code", "cell_code", "road",
    "initial_date", "changed_date", "source", "note",
)  # fmt: skip
DERIVED: Final = ("caption_id", "x", "y", "digest")
COLUMNS: Final = (*CONTENT, *DERIVED)


def digest(values: Mapping[str, Any]) -> str:
    content = "\x1f".join(map(str, map(values.__getitem__, CONTENT)))
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def caption_text(name: str, road: str) -> str:
    return f"{name} {road}".strip()


def placed(values: dict[str, Any], place: Place) -> None:
    """Fill in what follows from the point."""
    values["township_code"] = place.township_code
    values["community_code"] = place.community_code
    values["cell_code"] = place.cell_code
    values["x"], values["y"] = mercator.steps(values["lon"], values["lat"])


def settle(component: Component) -> None:
    """Bring everything derived of one component in line; its caption is stored when it is new."""
    values = {name: getattr(component, name) for name in CONTENT}
    values["lon"], values["lat"] = round(component.lon, DECIMALS), round(component.lat, DECIMALS)
    placed(values, locate(values["lon"], values["lat"]))
    caption, _created = Caption.objects.get_or_create(text=caption_text(component.name, component.road))
    values["caption_id"], values["digest"] = caption.pk, digest(values)
    for name, value in values.items():
        setattr(component, name, value)
