"""Who is on duty now, for the head of every page: asked at most every few seconds by each process."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache

from chengyun.people.models import DutyShift
from chengyun.people.queries import on_duty

KEY = "people.duty"
SECONDS = 20


@dataclass(frozen=True)
class OnDuty:
    name: str
    post: str
    department: str
    shift: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    # The shift's number for everybody, the person's own for colleagues.
    phone: str
    own_phone: str


def duty_now() -> list[OnDuty]:
    """In the order of the phone list as far as the roster sets one."""
    found: list[OnDuty] | None = cache.get(KEY)
    if found is None:
        found = [_told(shift) for shift in on_duty().order_by("post__code", "starts_at", "id")]
        cache.set(KEY, found, SECONDS)
    return found


def forget() -> None:
    """After the roster changed; another process learns it within `SECONDS`."""
    cache.delete(KEY)


def _told(shift: DutyShift) -> OnDuty:
    return OnDuty(
        name=shift.user.name,
        post=shift.post.name,
        department=shift.post.department.short_name,
        shift=str(shift.get_name_display()),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        phone=shift.phone,
        own_phone=shift.user.phone,
    )
