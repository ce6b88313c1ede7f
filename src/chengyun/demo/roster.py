"""The duty roster of the centre from three days ago to ten days ahead."""

from __future__ import annotations

import datetime as dt

from chengyun.demo.organisation import CENTRE, Organisation
from chengyun.people.access import SYSTEM
from chengyun.people.models import DutyShift, User
from chengyun.people.roles import Role
from chengyun.people.services.roster import plan_shift

BACK, AHEAD = 3, 10
ROLES = (Role.RECEIVER, Role.DUTY_CHIEF, Role.DISPATCHER)
# The desks share the hall's line; chiefs and leaders are called on their own.
PHONES = {Role.RECEIVER: "0990-6600000", Role.DISPATCHER: "0990-6600000"}
ALL_DAY = "08:00-08:00"


def plan_roster(organisation: Organisation, today: dt.date) -> int:
    """Early, middle and night go round among the people of each post; one leader a day is on call (带班)."""
    planned = 0
    for day in (today + dt.timedelta(days=number) for number in range(-BACK, AHEAD + 1)):
        for role in ROLES:
            team = organisation.of_centre(role)
            for turn, name in enumerate(DutyShift.Name.values):
                user = team[(day.toordinal() * len(DutyShift.Name) + turn) % len(team)]
                planned += _plan(organisation, day, name, role, user)
        leaders = organisation.of_centre(Role.LEADER)
        leader = leaders[day.toordinal() % len(leaders)]
        planned += _plan(organisation, day, DutyShift.Name.EARLY, Role.LEADER, leader, ALL_DAY)
    return planned


def _plan(organisation: Organisation, day: dt.date, name: str, role: Role, user: User, hours: str = "") -> int:
    post, phone = organisation.posts[CENTRE, role], PHONES.get(role, "")
    plan_shift(by=SYSTEM, day=day, name=name, user=user, post=post, phone=phone, hours=hours)
    return 1
