"""What one version has that another has not: new, gone, moved, renamed regions, and changed areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from chengyun.core.geometry import metres_between, to_wgs84
from chengyun.regions.models import RegionVersion
from chengyun.regions.services.checks import METRES_PER_DEGREE

MOVED_M = 5.0  # local rule: less is a better survey of the same line
AREA_SHARE = 0.01
# GCJ-02 lies 100 to 1,000 m beside WGS-84 anywhere in China.
SHIFT_M = (100.0, 1500.0)


@dataclass(frozen=True, slots=True)
class Sight:
    """A region as far as two versions are compared."""

    name: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Differences:
    """By code; `moved` in metres, `area` as a share of the old one."""

    new: list[str]
    gone: list[str]
    moved: dict[str, float]
    renamed: dict[str, tuple[str, str]]
    area: dict[str, float]
    notice: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "new": self.new,
            "gone": self.gone,
            "moved": self.moved,
            "renamed": {code: list(names) for code, names in self.renamed.items()},
            "area": self.area,
            "notice": self.notice,
        }


def sights(version: RegionVersion | None) -> dict[str, Sight]:
    rows = version.regions.values_list("code", "name", "shape") if version else []
    return {code: Sight(name, shapely.from_wkb(bytes(shape))) for code, name, shape in rows}


def compared(before: Mapping[str, Sight], after: Mapping[str, Sight]) -> Differences:
    common = sorted(before.keys() & after.keys())
    pairs = {code: (before[code], after[code]) for code in common}
    changed = {code: pair for code, pair in pairs.items() if not pair[0].shape.equals_exact(pair[1].shape, 1e-9)}
    moves = {code: round(_metres(old.shape, new.shape), 1) for code, (old, new) in changed.items()}
    areas = {code: round(new.shape.area / old.shape.area - 1, 4) for code, (old, new) in changed.items()}
    return Differences(
        new=sorted(after.keys() - before.keys()),
        gone=sorted(before.keys() - after.keys()),
        moved={code: metres for code, metres in moves.items() if metres > MOVED_M},
        renamed={code: (old.name, new.name) for code, (old, new) in pairs.items() if old.name != new.name},
        area={code: share for code, share in areas.items() if abs(share) > AREA_SHARE},
        notice=_shifted(changed.values()),
    )


def _metres(old: BaseGeometry, new: BaseGeometry) -> float:
    """How far the outline went at most (Hausdorff distance), degrees taken as those of a meridian."""
    return float(shapely.hausdorff_distance(old, new)) * METRES_PER_DEGREE


def _shifted(pairs: Iterable[tuple[Sight, Sight]]) -> str:
    """A sentence where everything lies aside as GCJ-02 does."""
    centres = [(old.shape.centroid, new.shape.centroid) for old, new in pairs][:500]
    if len(centres) < 3:
        return ""
    aside = median(metres_between(old.x, old.y, new.x, new.y) for old, new in centres)
    back = median(metres_between(old.x, old.y, *to_wgs84(new.x, new.y, "gcj02")) for old, new in centres)
    if not (SHIFT_M[0] <= aside <= SHIFT_M[1] and back < aside / 5):
        return ""
    words = _("整体偏移 %(metres).0f 米，正像没有标记的 GCJ-02；请核对，需要时选“GCJ-02”重新上传。")
    return words % {"metres": aside}
