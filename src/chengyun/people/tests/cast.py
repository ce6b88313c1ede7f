"""Named people for tests: each fact is told about somebody."""

from __future__ import annotations

import datetime as dt

from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role

PASSWORD = "three-quiet-lamps"  # of whoever signs in


def department(code: str, kind: str = "department", parent: Department | None = None, **fields: object) -> Department:
    made = Department.objects.create(code=code, name=code, short_name=code, kind=kind, parent=parent, **fields)
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def person(name: str) -> User:
    return User.objects.create(username=name, name=name)


def appoint(
    user: User, where: Department, *roles: Role, deputy_for: User | None = None, **dates: dt.date
) -> Appointment:
    number = Post.objects.count() + 1
    post = Post.objects.create(code=f"P{number}", name=f"岗位{number}", department=where, roles=list(roles))
    return Appointment.objects.create(user=user, post=post, deputy_for=deputy_for, **dates)
