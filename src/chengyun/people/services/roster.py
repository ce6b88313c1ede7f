"""The duty roster (值班表): who is on duty, when, under which number."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core import configuration, instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import duty, register
from chengyun.people.models import Appointment, DutyShift, Post, User

LAST_PLACE = 99


@transaction.atomic
def plan_shift(
    *,
    by: Doer,
    day: dt.date,
    name: str,
    user: User,
    post: Post,
    phone: str = "",
    hours: str = "",
    call_order: int | None = None,
) -> DutyShift:
    """`hours` as "08:00-16:00", else the county's for this shift; an end before the beginning is on the next day."""
    starts_at, ends_at = shift_times(day, hours or county_hours(name))
    user = register.locked(user)
    if not Appointment.objects.filter(user=user, post=post).on(day).exists():
        raise UserError(_("该人员当天不任此岗，请另选人员或岗位。"), field="user")
    if DutyShift.objects.filter(user=user, is_cancelled=False, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise UserError(_("该人员在这段时间已有值班。"), field="user")
    shift = DutyShift(day=day, name=name, user=user, post=post, phone=phone, starts_at=starts_at, ends_at=ends_at)
    shift.call_order = _place(call_order or 0)
    transaction.on_commit(duty.forget)
    return register.store(shift, by=by)


@transaction.atomic
def place_in_phone_list(shift: DutyShift, call_order: int, *, by: Doer) -> DutyShift:
    """Whom an urgent case calls first: 1 to 99, 0 for the order of the posts."""
    shift = register.locked(shift)
    register.change(shift, {"call_order": _place(call_order)}, by=by)
    return shift


@transaction.atomic
def cancel_shift(shift: DutyShift, *, by: Doer) -> DutyShift:
    shift = register.locked(shift)
    register.change(shift, {"is_cancelled": True}, by=by, action="cancelled")
    transaction.on_commit(duty.forget)
    return shift


def shift_times(day: dt.date, hours: str) -> tuple[dt.datetime, dt.datetime]:
    try:
        first, last = (dt.time.fromisoformat(part.strip()) for part in hours.split("-"))
    except ValueError as error:
        raise UserError(_("班次时间应写作 08:00-16:00。"), field="hours") from error
    next_day = day + dt.timedelta(days=1) if last <= first else day
    return _instant(day, first), _instant(next_day, last)


def _place(call_order: int) -> int:
    if not 0 <= call_order <= LAST_PLACE:
        raise UserError(_("呼叫顺序应是 1 到 99 之间的整数，不填按岗位。"), field="call_order")
    return call_order


def _instant(day: dt.date, time: dt.time) -> dt.datetime:
    return instants.as_utc(dt.datetime.combine(day, time, instants.SHANGHAI))


def county_hours(name: str) -> str:
    hours: dict[str, Any] = configuration.value("people.shift_hours")
    return str(hours.get(name, ""))
