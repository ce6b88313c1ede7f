"""The shifts of a centre, read from the duty roster: who is on it, from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import NotFound
from chengyun.people.access import Actor
from chengyun.people.models import Department, DutyShift
from chengyun.people.queries import roster
from chengyun.people.roles import Role

# Whoever works the desk makes the shift; a leader on call for a whole day does not lengthen it.
AT_DESK = frozenset({Role.RECEIVER, Role.DUTY_CHIEF, Role.DISPATCHER})
DAY = dt.timedelta(days=1)


@dataclass
class Shift:
    centre_id: int
    day: dt.date
    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    people: list[str] = field(default_factory=list)
    user_ids: set[int] = field(default_factory=set)

    @property
    def title(self) -> str:
        return str(DutyShift.Name(self.name).label)

    @property
    def key(self) -> tuple[dt.date, str]:
        return self.day, self.name


def shifts_of(centre: Department, first: dt.date, last: dt.date) -> list[Shift]:
    """Newest first."""
    planned = roster(first, last).filter(post__department=centre, is_cancelled=False).order_by("starts_at", "id")
    return sorted(_joined(planned, centre.pk).values(), key=lambda shift: shift.starts_at, reverse=True)


def _joined(planned: Iterable[DutyShift], centre_id: int) -> dict[tuple[dt.date, str], Shift]:
    found: dict[tuple[dt.date, str], Shift] = {}
    for row in planned:
        if AT_DESK.isdisjoint(row.post.roles):
            continue
        fresh = Shift(centre_id, row.day, row.name, row.starts_at, row.ends_at)
        shift = found.setdefault(fresh.key, fresh)
        shift.starts_at, shift.ends_at = min(shift.starts_at, row.starts_at), max(shift.ends_at, row.ends_at)
        shift.people.append(row.user.name)
        shift.user_ids.add(row.user_id)
    return found


def shift_of(centre: Department, day: dt.date, name: str) -> Shift:
    shift = next((each for each in shifts_of(centre, day, day) if each.name == name), None)
    if shift is None:
        raise NotFound(_("值班表上没有这个班次，请先排班。"))
    return shift


def following(shift: Shift, around: Iterable[Shift]) -> Shift | None:
    later = [each for each in around if each.starts_at > shift.starts_at]
    return min(later, key=lambda each: each.starts_at, default=None)


def next_shift(centre: Department, shift: Shift) -> Shift | None:
    return following(shift, shifts_of(centre, shift.day, shift.day + DAY))


def current_shift(centre: Department) -> Shift | None:
    moment, today = instants.now(), instants.today()
    around = shifts_of(centre, today - DAY, today)
    return next((each for each in around if each.starts_at <= moment < each.ends_at), None)


def centre_of(actor: Actor) -> Department | None:
    """The centre that the actor works in."""
    own = Department.objects.filter(pk__in=actor.own_department_ids, kind=Department.Kind.CENTRE)
    return own.order_by("sort_order", "code").first() if actor.county_wide else None
