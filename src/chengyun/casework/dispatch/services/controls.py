"""管控区域/时段: set up with approval, ended early by moving the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.dispatch.models import ControlArea
from chengyun.casework.dispatch.services.state import announce
from chengyun.casework.dispatch.windows import Window
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import SYSTEM

# Less is how two hands draw the same street.
LEAST_OVERLAP = 0.005


@transaction.atomic
def add_control_area(
    name: str,
    *,
    approved_by_id: int,
    reason: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    region_codes: Sequence[str] = (),
    shape: bytes | None = None,
    minor_ids: Iterable[int] = (),
    window: Window | None = None,
    is_draft: bool = False,
    by: Doer = SYSTEM,
) -> ControlArea:
    if not reason.strip():
        raise UserError(_("请填写管控原因。"), field="reason")
    if ends_at <= starts_at:
        raise UserError(_("管控结束时间应晚于开始时间。"), field="ends_at")
    _check_shape(shape)
    minor_ids = set(minor_ids)
    _refuse_overlap(ControlArea(shape=shape, starts_at=starts_at, ends_at=ends_at, is_draft=is_draft), minor_ids)
    hours = window or Window()
    area = ControlArea(
        name=name,
        region_codes=list(region_codes),
        shape=shape,
        starts_at=starts_at,
        ends_at=ends_at,
        from_time=hours.from_time,
        to_time=hours.to_time,
        weekdays=hours.weekdays,
        reason=reason.strip(),
        approved_by_id=approved_by_id,
        is_draft=is_draft,
    )
    register.store(area, by=by)
    area.minors.set(minor_ids)
    announce("controlled", f"control:{area.pk}")
    return area


@transaction.atomic
def change_control_area(
    area: ControlArea, *, minor_ids: Iterable[int] | None = None, by: Doer = SYSTEM, **fields: Any
) -> ControlArea:
    """Other land, time or reason; what is over stays as it was. A draft put in force is approved by whoever acts."""
    area = register.locked(area)
    if now() >= area.ends_at:
        raise UserError(_("该管控已经结束。"), field="ends_at")
    starts_at, ends_at = fields.get("starts_at", area.starts_at), fields.get("ends_at", area.ends_at)
    if ends_at <= starts_at:
        raise UserError(_("管控结束时间应晚于开始时间。"), field="ends_at")
    shape = fields.get("shape", area.shape)
    _check_shape(shape)
    minors = set(_minors(area)) if minor_ids is None else set(minor_ids)
    is_draft = fields.get("is_draft", area.is_draft)
    _refuse_overlap(
        ControlArea(pk=area.pk, shape=shape, starts_at=starts_at, ends_at=ends_at, is_draft=is_draft), minors
    )
    if is_draft != area.is_draft:
        fields["approved_by_id"] = by.user_id or area.approved_by_id
    changed = register.change(area, fields, by=by)
    if minors != set(_minors(area)):
        register.record(area, "changed", {"minors": _minors(area)}, {"minors": sorted(minors)}, by=by)
        area.minors.set(minors)
        changed = True
    if changed:
        announce("controlled", f"control:{area.pk}")
    return area


@transaction.atomic
def end_control_area(area: ControlArea, *, at: dt.datetime | None = None, by: Doer = SYSTEM) -> None:
    """End early; an area that is over stays as it was."""
    moment = at or now()
    if moment >= area.ends_at:
        raise UserError(_("该管控已经结束。"), field="ends_at")
    register.change(area, {"ends_at": max(moment, area.starts_at)}, by=by, action="ended")
    announce("control_ended", f"control:{area.pk}")


def _minors(area: ControlArea) -> list[int]:
    return sorted(area.minors.values_list("pk", flat=True))


def _refuse_overlap(area: ControlArea, minors: set[int]) -> None:
    """Two drawn areas of the same classes and time do not share land: nobody could say which of them holds."""
    if area.shape is None or area.is_draft:
        return
    drawn = shapely.from_wkb(bytes(area.shape))
    others = ControlArea.objects.filter(
        shape__isnull=False, is_draft=False, starts_at__lt=area.ends_at, ends_at__gt=area.starts_at
    )
    for other in others.exclude(pk=area.pk).prefetch_related("minors"):
        shared = drawn.intersection(shapely.from_wkb(bytes(other.shape or b""))).area / drawn.area
        theirs = {minor.pk for minor in other.minors.all()}
        if shared > LEAST_OVERLAP and (not minors or not theirs or minors & theirs):
            words = _("区域有 %(share)s%% 与同时段的“%(name)s”重叠，请改区域、时间或小类。")
            raise UserError(words % {"share": max(round(shared * 100), 1), "name": other.name}, field="shape")


def _check_shape(shape: bytes | memoryview | None) -> None:
    if shape is None:
        return
    try:
        polygon = shapely.from_wkb(bytes(shape))
    except shapely.errors.ShapelyError:
        raise UserError(_("管控范围的图形无法识别，请重新绘制。"), field="shape") from None
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or not polygon.is_valid:
        raise UserError(_("管控范围应是不自相交的多边形，请重新绘制。"), field="shape")
