"""An import in two steps: a draft with all its faults is filled and looked at; then it is switched on from a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import shapely
from django.db import models, transaction
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.history import record
from chengyun.core.who import Doer
from chengyun.regions.models import DraftFault, DraftRegion, Level, RegionDraft, RegionVersion
from chengyun.regions.queries import active_version
from chengyun.regions.services import checks, pieces
from chengyun.regions.services.differences import Sight, compared, sights
from chengyun.regions.services.importing import ABANDONED_AFTER, ROWS_AT_ONCE, staged
from chengyun.regions.services.pieces import Fault, Piece, Reading
from chengyun.regions.services.terms import begin

MOST_FAULTS = 2_000
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Upload:
    """`system` as `regions.systems` names them, blank for what the file says; `gaps`: land left out is a fault."""

    content: bytes
    file_name: str
    name: str
    system: str = ""
    gaps: bool = True


def make_draft(upload: Upload, *, by: Doer) -> RegionDraft:
    """Nothing of the running version changes. A file that cannot be read at all raises UserError."""
    reading = pieces.read(upload.content, upload.system)
    whole = [fault for fault in reading.faults if not fault.feature]
    if whole:
        raise UserError(str(whole[0]), field="file")
    reading = _whole(_in_wgs84(reading))
    faults = [*reading.faults, *_checked(reading, upload.gaps)]
    remove_abandoned()
    draft = _begin(upload, reading, faults, by)
    _fill(draft, reading, faults)
    draft.state = RegionDraft.State.CHECKED
    draft.save(update_fields=["state"])
    return draft


def discard(draft: RegionDraft, *, by: Doer) -> None:
    _take(draft, RegionDraft.State.DISCARDED, by)
    draft.faults.all().delete()
    draft.regions.all().delete()


def switch_on(draft: RegionDraft, *, by: Doer, from_day: dt.date) -> RegionVersion:
    """The draft becomes a version that counts from that day on; with any fault nothing changes."""
    if draft.state != RegionDraft.State.CHECKED:
        raise UserError(_("这份草稿已启用或已放弃，请刷新页面。"))
    if draft.fault_count:
        raise UserError(_("还有 %(count)s 处错误，改正后重新上传才能启用。") % {"count": draft.fault_count})
    if from_day < instants.today():
        raise UserError(_("启用日期不能早于今天。"), field="from_day")
    version = staged([_piece(row) for row in draft.regions.order_by("id").iterator()], draft.name)
    with transaction.atomic():
        _take(draft, RegionDraft.State.USED, by, version=version)
        begin(version, from_day, by=by)
    return version


@transaction.atomic
def _take(draft: RegionDraft, state: str, by: Doer, version: RegionVersion | None = None) -> None:
    """Who comes second finds it taken."""
    fresh = RegionDraft.objects.filter(pk=draft.pk, state=RegionDraft.State.CHECKED)
    if not fresh.update(state=state, version=version):
        raise UserError(_("这份草稿已启用或已放弃，请刷新页面。"))
    record(f"regiondraft:{draft.pk}", state, {"version": version.pk if version else None}, by=by)


def remove_abandoned() -> None:
    """What killed imports left."""
    old = instants.now() - ABANDONED_AFTER
    left = RegionDraft.objects.filter(state=RegionDraft.State.FILLING, made_at__lt=old)
    for rows in (DraftFault, DraftRegion):
        rows._default_manager.filter(draft__in=left).delete()
    left.delete()


def _in_wgs84(reading: Reading) -> Reading:
    found = pieces.converted(reading.pieces, reading.system)
    sketches = pieces.converted(reading.sketches, reading.system)
    return replace(reading, pieces=found, sketches=sketches)


def _whole(reading: Reading) -> Reading:
    """Levels that are not in the file stay as the running version has them: surveys often bring the cells alone."""
    present = {piece.level for piece in (*reading.pieces, *reading.sketches)}
    running = active_version()
    rows = running.regions.exclude(level__in=present) if running else []
    kept = [_piece(row) for row in rows]
    return replace(reading, pieces=[*kept, *reading.pieces])


def _checked(reading: Reading, gaps: bool) -> Iterator[Fault]:
    drawn = [shapely.make_valid(sketch.shape) for sketch in reading.sketches]
    spoiled = shapely.union_all(drawn)
    for fault in checks.check(reading.pieces, gaps=gaps):
        # Where a region is spoiled its land is not missing: one fault is enough.
        hidden = fault.kind == "gap" and drawn and fault.shape is not None and _mostly(fault.shape, spoiled)
        if not hidden:
            yield fault


def _mostly(land: shapely.Geometry, spoiled: shapely.Geometry) -> bool:
    return bool(shapely.intersects(land, spoiled))


def _begin(upload: Upload, reading: Reading, faults: Sequence[Fault], by: Doer) -> RegionDraft:
    before = sights(active_version())
    after = {piece.code: Sight(piece.name, piece.shape) for piece in reading.pieces}
    return RegionDraft.objects.create(
        name=upload.name,
        file_name=upload.file_name[-200:],
        system=upload.system or reading.system,
        made_at=instants.now(),
        made_by=by.name,
        counts=Counter(piece.level.value for piece in (*reading.pieces, *reading.sketches)),
        differences=compared(before, after).as_json() if before else {},
        fault_count=len(faults),
    )


def _fill(draft: RegionDraft, reading: Reading, faults: Sequence[Fault]) -> None:
    _store(DraftRegion, [_region(draft, piece) for piece in (*reading.pieces, *reading.sketches)])
    _store(DraftFault, [_fault(draft, fault) for fault in faults[:MOST_FAULTS]])


def _store(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        model._default_manager.bulk_create(rows[start : start + ROWS_AT_ONCE])


def _region(draft: RegionDraft, piece: Piece) -> DraftRegion:
    return DraftRegion(
        draft=draft,
        number=piece.feature,
        level=piece.level,
        code=piece.code,
        parent_code=piece.parent_code,
        name=piece.name,
        area_class=piece.area_class,
        shape=shapely.to_wkb(piece.shape),
    )


def _fault(draft: RegionDraft, fault: Fault) -> DraftFault:
    return DraftFault(
        draft=draft,
        number=fault.feature,
        code=fault.code,
        kind=fault.kind,
        field=fault.field,
        message=fault.message[:LONGEST_MESSAGE],
        shape=shapely.to_wkb(fault.shape) if fault.shape is not None else None,
    )


def _piece(row: models.Model) -> Piece:
    """From a row of a version or a draft."""
    return Piece(
        feature=getattr(row, "number", 0),
        level=Level(row.level),  # type: ignore[attr-defined]
        code=row.code,  # type: ignore[attr-defined]
        parent_code=row.parent_code,  # type: ignore[attr-defined]
        name=row.name,  # type: ignore[attr-defined]
        area_class=row.area_class,  # type: ignore[attr-defined]
        shape=shapely.from_wkb(bytes(row.shape)),  # type: ignore[attr-defined]
    )
