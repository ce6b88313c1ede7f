"""Import of departments, people, posts and appointments from one workbook: all of it, or nothing.

Everything is planned and checked in memory first, so that the writing is one short transaction. A row whose code is
known changes that row; passwords of people who have an account are not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chengyun.core import events
from chengyun.core.errors import Conflict
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.services import sheets
from chengyun.people.services.departments import change_department, path_of
from chengyun.people.services.plan import COLUMNS, Password, Plan
from chengyun.people.services.separation import check_may_import
from chengyun.people.services.sheets import RowFault


@dataclass(frozen=True, slots=True)
class Outcome:
    faults: Sequence[RowFault] = ()
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    passwords: Sequence[Password] = ()


def import_people(path: Path, *, by: Doer) -> Outcome:
    plan = Plan(sheets.read(path, COLUMNS))
    if plan.faults:
        return Outcome(faults=tuple(sorted(plan.faults, key=lambda each: (list(COLUMNS).index(each.sheet), each.row))))
    passwords = with_passwords(plan.users.new)
    write(plan, by=by)
    return Outcome(added=plan.count("new"), changed=plan.count("changed"), passwords=passwords)


def with_passwords(users: Sequence[User]) -> list[Password]:
    """Hash them, which is slow on purpose, before the transaction."""
    told = [Password(user.username, user.name, user.password) for user in users]
    for user in users:
        user.password = make_password(user.password)
    return told


def write(plan: Plan, *, by: Doer) -> None:
    """All of it in one transaction; new people have their password hashed by then (`with_passwords`)."""
    try:
        _write(plan, by=by)
    except IntegrityError as error:
        raise Conflict(_("导入期间有人改动了人员或部门，请再导入一次。")) from error


@transaction.atomic
def _write(plan: Plan, *, by: Doer) -> None:
    check_may_import(by, _roles_touched(plan))
    _create_departments(plan.departments.new, plan.parents)
    User.objects.bulk_create(plan.users.new, batch_size=200)
    Post.objects.bulk_create(plan.posts.new, batch_size=200)
    Appointment.objects.bulk_create(plan.appointments.new, batch_size=200)
    for table in (plan.departments, plan.users, plan.posts, plan.appointments):
        register.record_new(table.new, by=by)
    for code, values in plan.departments.changed.items():
        change_department(plan.departments.known[code], by=by, **values)
    for table in (plan.users, plan.posts):
        for key, values in table.changed.items():
            register.change(register.locked(table.known[key]), values, by=by)
    for appointment, last_day in plan.ending:
        register.change(register.locked(appointment), {"valid_to": last_day}, by=by)
    events.append("register.imported", "register:people", plan.count("new"))


def _roles_touched(plan: Plan) -> set[str]:
    """Every role that the sheets give to somebody or take from a post."""
    posts = [*plan.posts.new, *(each.post for each in plan.appointments.new)]
    posts += [plan.posts.known[code] for code in plan.posts.changed]
    posts += [each.post for each, _last_day in plan.ending]
    given = [values.get("roles", []) for values in plan.posts.changed.values()]
    return {role for roles in (*(post.roles for post in posts), *given) for role in roles}


def _create_departments(new: Sequence[Department], parents: dict[str, Department | None]) -> None:
    """First all rows, then the tree: a parent may stand below its child in the sheet."""
    Department.objects.bulk_create(new, batch_size=200)
    for department in new:
        department.parent = parents.get(department.code)
    for department in new:
        department.path = _path(department)
    Department.objects.bulk_update(new, ["parent", "path"], batch_size=200)


def _path(department: Department) -> str:
    if department.parent and not department.parent.path:
        department.parent.path = _path(department.parent)
    return path_of(department)
