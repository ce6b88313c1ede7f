"""Departments: create, change, move, close. A department is never deleted; cases refer to it for ever."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.models import Appointment, Department


@transaction.atomic
def create_department(*, by: Doer, code: str, name: str, kind: str, **fields: Any) -> Department:
    fields = {"short_name": name[:30], **fields}
    department = register.store(Department(code=code, name=name, kind=kind, **fields), by=by)
    _write_path(department)
    return department


@transaction.atomic
def change_department(department: Department, *, by: Doer, **fields: Any) -> Department:
    """Change any field but the code, `parent` too: the whole subtree moves along."""
    fields.pop("code", None)
    department = register.locked(department)
    if "parent" in fields:
        _check_no_cycle(department, fields["parent"])
    moved = "parent" in fields and fields["parent"] != department.parent
    register.change(department, fields, by=by)
    if moved:
        _move_subtree(department)
    return department


@transaction.atomic
def close_department(department: Department, *, by: Doer, last_day: dt.date | None = None) -> Department:
    """The department ends with `last_day` (today). Refused while departments below or people in it go on."""
    department = register.locked(department)
    last_day = last_day or instants.today()
    after = last_day + dt.timedelta(days=1)
    if Department.objects.filter(parent=department).on(after).exists():
        raise UserError(_("还有有效的下级部门，请先撤销或移走下级部门。"), field="valid_to")
    if Appointment.objects.filter(post__department=department).on(after).exists():
        raise UserError(_("还有人在该部门任职，请先结束这些任职。"), field="valid_to")
    register.change(department, {"valid_to": last_day}, by=by, action="closed")
    return department


def path_of(department: Department) -> str:
    return f"{department.parent.path if department.parent else '/'}{department.pk}/"


def _write_path(department: Department) -> None:
    department.path = path_of(department)
    department.save(update_fields=["path"])


def _move_subtree(department: Department) -> None:
    old, new = department.path, path_of(department)
    below = Department.objects.filter(path__startswith=old) if old else Department.objects.filter(pk=department.pk)
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    department.path = new


def _check_no_cycle(department: Department, parent: Department | None) -> None:
    if parent and (parent.pk == department.pk or (department.path and parent.path.startswith(department.path))):
        raise UserError(_("上级部门不能是自己或自己的下级部门，请另选。"), field="parent")
