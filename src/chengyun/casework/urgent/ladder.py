"""Whom to call when nobody at the desk answers: the phone list of the duty roster, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.models import Case
from chengyun.core import configuration, instants
from chengyun.people.access import region_prefix
from chengyun.people.models import Appointment, Department, DutyShift
from chengyun.people.queries import on_duty
from chengyun.people.roles import Role


class Rung(TextChoices):
    """Local rule: who is on duty, who deputises for them, the duty chief, the leader on duty."""

    ON_DUTY = "on_duty", _("值班员")
    DEPUTY = "deputy", _("代岗")
    DUTY_CHIEF = "duty_chief", _("值班长")
    LEADER = "leader", _("带班领导")


# Where the roster names nobody for these, whoever holds the role in the centre is called instead.
STAND_IN = {Rung.DUTY_CHIEF: Role.DUTY_CHIEF, Rung.LEADER: Role.LEADER}
MOST_STAND_INS = 2


@dataclass(frozen=True)
class Callee:
    user_id: int
    name: str
    phone: str
    rung: Rung
    place: int


def phone_list(case: Case, moment: dt.datetime) -> list[Callee]:
    """Each person once, by place: the roster's own number where it has one, else that of the rung."""
    shifts = [shift for shift in on_duty(moment) if answers_for(shift.post.department, case)]
    found = [_on_shift(shift) for shift in shifts]
    day = instants.civil_day(moment)
    found += _deputies([each for each in found if each.rung == Rung.ON_DUTY], day)
    missing = [rung for rung in STAND_IN if all(each.rung != rung for each in found)]
    found += _stand_ins(case, missing, day)
    return _each_once(sorted(found, key=lambda each: each.place))


def answers_for(department: Department, case: Case) -> bool:
    """A centre answers for the cases of its own places; a case without a place is everybody's."""
    if department.kind != Department.Kind.CENTRE:
        return False
    return not case.county_code or case.county_code.startswith(region_prefix(department.region_code))


def place_of(rung: Rung) -> int:
    order: Sequence[str] = configuration.value("urgent.ladder")
    return list(order).index(rung) + 1 if rung in order else len(Rung) + 1


def _on_shift(shift: DutyShift) -> Callee:
    rung = _rung(shift.post.roles)
    phone = shift.phone or shift.user.phone
    return Callee(shift.user_id, shift.user.name, phone, rung, shift.call_order or place_of(rung))


def _rung(roles: Iterable[str]) -> Rung:
    if Role.LEADER in roles:
        return Rung.LEADER
    return Rung.DUTY_CHIEF if Role.DUTY_CHIEF in roles else Rung.ON_DUTY


def _deputies(absent: Sequence[Callee], day: dt.date) -> list[Callee]:
    ids = [each.user_id for each in absent]
    held = Appointment.objects.on(day).filter(deputy_for__in=ids, user__is_active=True).select_related("user")
    place = place_of(Rung.DEPUTY)
    return [Callee(row.user_id, row.user.name, row.user.phone, Rung.DEPUTY, place) for row in held]


def _stand_ins(case: Case, rungs: Sequence[Rung], day: dt.date) -> list[Callee]:
    if not rungs:
        return []
    held = Appointment.objects.on(day).filter(user__is_active=True, post__department__kind=Department.Kind.CENTRE)
    rows = [row for row in held.select_related("user", "post__department") if answers_for(row.post.department, case)]
    found = []
    for rung in rungs:
        able = [row for row in rows if STAND_IN[rung] in row.post.roles][:MOST_STAND_INS]
        found += [Callee(row.user_id, row.user.name, row.user.phone, rung, place_of(rung)) for row in able]
    return found


def _each_once(callees: Iterable[Callee]) -> list[Callee]:
    return list({each.user_id: each for each in reversed(list(callees))}.values())[::-1]
