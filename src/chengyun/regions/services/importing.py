"""Import of a county's regions: read, check, fill a staging version, then one short switch. Old versions stay."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely
from django.db import transaction

from chengyun.core import instants
from chengyun.core.who import Doer
from chengyun.regions import locate
from chengyun.regions.models import Level, Region, RegionVersion
from chengyun.regions.services import checks, pieces
from chengyun.regions.services.pieces import Fault, Piece
from chengyun.regions.services.terms import activate

ROWS_AT_ONCE = 500
# A staging version older than this belongs to an import that was killed.
ABANDONED_AFTER = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either faults, and nothing was changed, or a version, unless only a check was asked for."""

    counts: dict[Level, int] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    version: RegionVersion | None = None


def import_regions(
    content: bytes, *, name: str, by: Doer, system: str = "", gaps: bool = True, check_only: bool = False
) -> Outcome:
    reading = pieces.read(content, system)
    faults = reading.faults or checks.check(reading.pieces, gaps=gaps)
    counts = dict(Counter(piece.level for piece in reading.pieces))
    if faults or check_only:
        return Outcome(counts, tuple(faults))
    version = staged(pieces.converted(reading.pieces, reading.system), name)
    activate(version, by=by)
    return Outcome(counts, (), version)


def touch() -> None:
    """Tell every process, inside the caller's transaction, that `locate` has something new to answer."""
    RegionVersion.objects.filter(is_active=True).update(stamp=uuid.uuid4())
    transaction.on_commit(locate.forget)


def staged(found: Sequence[Piece], name: str) -> RegionVersion:
    _remove_abandoned()
    version = RegionVersion.objects.create(name=name, imported_at=instants.now(), is_staging=True)
    rows = [_row(version, piece) for piece in found]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        Region.objects.bulk_create(rows[start : start + ROWS_AT_ONCE])
    return version


def _remove_abandoned() -> None:
    old = RegionVersion.objects.filter(is_staging=True, imported_at__lt=instants.now() - ABANDONED_AFTER)
    for version in old:
        Region.objects.filter(version=version).delete()
        version.delete()


def _row(version: RegionVersion, piece: Piece) -> Region:
    min_lon, min_lat, max_lon, max_lat = piece.shape.bounds
    centre = shapely.point_on_surface(piece.shape)
    return Region(
        version=version,
        level=piece.level,
        code=piece.code,
        parent_code=piece.parent_code if piece.level != Level.PREFECTURE else "",
        name=piece.name,
        area_class=piece.area_class,
        shape=shapely.to_wkb(piece.shape),
        min_lon=min_lon,
        min_lat=min_lat,
        max_lon=max_lon,
        max_lat=max_lat,
        centre_lon=centre.x,
        centre_lat=centre.y,
    )
