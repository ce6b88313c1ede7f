"""What the workbook of people asks for, checked row by row in memory before anything is written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role
from chengyun.people.services import reading
from chengyun.people.services.posts import check_roles, check_separation
from chengyun.people.services.sheets import Row, RowFault, Sheets
from chengyun.people.services.users import check_password, initial_password

COLUMNS = {
    "部门": ("部门代码", "部门名称", "类型"),
    "人员": ("登录名", "姓名"),
    "岗位": ("岗位代码", "岗位名称", "部门代码", "角色"),
    "任职": ("登录名", "岗位代码"),
}


@dataclass(frozen=True, slots=True)
class Password:
    """An initial password to hand out; it is stored nowhere."""

    username: str
    name: str
    password: str


@dataclass(slots=True)
class Register:
    """One table on the way: what stands in it, what comes new, what changes."""

    known: dict[str, Any] = field(default_factory=dict)
    new: list[Any] = field(default_factory=list)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Key → the row of the sheet that named it.
    places: dict[str, int] = field(default_factory=dict)

    def change(self, key: str, values: dict[str, Any]) -> None:
        if values:
            self.changed.setdefault(key, {}).update(values)


class Plan:
    """What the sheets ask for, checked row by row in memory."""

    def __init__(self, tables: Sheets) -> None:
        self.faults: list[RowFault] = []
        self.broken: set[tuple[str, str]] = set()
        self.departments = Register({each.code: each for each in Department.objects.all()})
        self.users = Register({each.username: each for each in User.objects.all()})
        self.posts = Register({each.code: each for each in Post.objects.select_related("department")})
        self.appointments = Register()
        by_id = {each.pk: each for each in self.departments.known.values()}
        self.parents = {each.code: by_id.get(each.parent_id) for each in by_id.values()}
        self.roles: dict[str, list[str]] = {each.code: each.roles for each in self.posts.known.values()}
        self.held = list(Appointment.objects.select_related("user", "post", "deputy_for"))
        # Each row of the sheet: the appointment, what of it changes, and where it stands.
        self.taken: list[tuple[Appointment, dict[str, Any], int]] = []
        self.ending: list[tuple[Appointment, dt.date | None]] = []
        self.passwords: Sequence[Password] = ()
        # In this order: each sheet names rows of those before it.
        self._each(tables["部门"], self._department)
        self._each(tables["部门"], self._parent)
        self._each(tables["人员"], self._user)
        self._each(tables["岗位"], self._post)
        self._each(tables["任职"], self._appointment)

    def count(self, what: str) -> dict[str, int]:
        registers = (self.departments, self.users, self.posts, self.appointments)
        return {sheet: len(getattr(each, what)) for sheet, each in zip(COLUMNS, registers, strict=True)}

    def _each(self, rows: Sequence[Row], take: Callable[[Row], None]) -> None:
        for row in rows:
            try:
                take(row)
            except _FollowsFromFault:
                self.broken.add((row.sheet, row[COLUMNS[row.sheet][0]]))
            except UserError as error:
                self.broken.add((row.sheet, row[COLUMNS[row.sheet][0]]))
                self.faults.append(RowFault(row.sheet, row.number, error.field, str(error)))

    def _department(self, row: Row) -> None:
        values = reading.given(
            row,
            {
                "name": ("部门名称", reading.text),
                "kind": ("类型", lambda row, column: reading.choice(row[column], column, Department.Kind)),
                "short_name": ("简称", lambda row, column: row[column] or row["部门名称"][:30]),
                "region_code": ("区划代码", reading.text),
                "works_online": ("上线办理", reading.yes),
                "phone": ("电话", reading.text),
                "sort_order": ("排序", reading.number),
            },
        )
        made = Department(code=row["部门代码"], **{"short_name": row["部门名称"][:30], **values})
        self._take(self.departments, row, made, values)

    def _parent(self, row: Row) -> None:
        code = row["部门代码"]
        if "上级代码" not in row.cells or code not in self.departments.known:
            return
        parent = self._find("部门", row, "上级代码") if row["上级代码"] else None
        before, self.parents[code] = self.parents.get(code), parent
        if code in self._line(parent):
            self.parents[code] = before
            raise UserError(_("上级部门不能是自己或自己的下级部门。"), field="上级代码")
        if self.departments.known[code].pk and parent is not before:
            self.departments.change(code, {"parent": parent})

    def _line(self, department: Department | None) -> set[str]:
        """The codes from the department upwards."""
        codes: set[str] = set()
        while department and department.code not in codes:
            codes.add(department.code)
            department = self.parents.get(department.code)
        return codes

    def _user(self, row: Row) -> None:
        values = reading.given(row, {"name": ("姓名", reading.text), "phone": ("手机号", reading.text)})
        user = User(username=row["登录名"], must_change_password=True, **values)
        if row["初始密码"]:
            reading.about("初始密码", check_password, row["初始密码"], user)
        user.password = row["初始密码"] or initial_password()
        self._take(self.users, row, user, values)

    def _post(self, row: Row) -> None:
        department = self._find("部门", row, "部门代码")
        roles = [reading.choice(text, "角色", Role) for text in re.split(r"[、,，;；\s]+", row["角色"]) if text]
        reading.about("角色", check_roles, roles)
        code = row["岗位代码"]
        known = self.posts.known.get(code)
        if known and known.pk and known.department.code != department.code:
            raise UserError(_("岗位不能换部门，请另设一个岗位。"), field="部门代码")
        values = {"name": row["岗位名称"], "roles": roles}
        self._take(self.posts, row, Post(code=code, department=department, **values), values)
        self.roles[code] = roles
        for each in self.held:
            if each.post.code == code:
                self._check_apart(each)

    def _appointment(self, row: Row) -> None:
        starts, ends = reading.day(row, "开始日期") or instants.today(), reading.day(row, "截止日期")
        absent = self._find("人员", row, "代谁履职") if row["代谁履职"] else None
        if ends and ends < starts:
            raise UserError(_("截止日期不能早于开始日期。"), field="截止日期")
        if absent and not ends:
            raise UserError(_("代岗须写明截止日期。"), field="截止日期")
        made = Appointment(
            user=self._find("人员", row, "登录名"),
            post=self._find("岗位", row, "岗位代码"),
            deputy_for=absent,
            valid_from=starts,
            valid_to=ends,
        )
        if known := next((each for each in self._beside(made) if each.post.code == made.post.code), None):
            self._known_appointment(row, known, made)
            return
        self._check_apart(made)
        self.held.append(made)
        self.appointments.new.append(made)
        self.taken.append((made, {}, row.number))

    def _known_appointment(self, row: Row, known: Appointment, made: Appointment) -> None:
        """The same post again: another last day is a change, another first day would be a second appointment."""
        if row["开始日期"] and known.valid_from != made.valid_from:
            message = _("该人员自 %(day)s 起已任此岗，请改那一行，或删去这一行。")
            raise UserError(message % {"day": known.valid_from.isoformat()}, field="开始日期")
        changes = {"valid_to": made.valid_to} if row["开始日期"] and known.valid_to != made.valid_to else {}
        if changes and known.pk:
            self.ending.append((known, made.valid_to))
        self.taken.append((known, changes, row.number))

    def _beside(self, appointment: Appointment) -> list[Appointment]:
        """The person's other appointments that overlap with this one."""
        username = appointment.user.username
        return [
            each
            for each in self.held
            if each is not appointment and each.user.username == username and _overlap(each, appointment)
        ]

    def _check_apart(self, appointment: Appointment) -> None:
        held = [appointment, *self._beside(appointment)]
        roles = {role for each in held for role in self.roles[each.post.code]}
        reading.about("岗位代码", check_separation, roles, _("%(name)s：") % {"name": appointment.user.name})

    def _take(self, into: Register, row: Row, made: models.Model, values: dict[str, Any]) -> None:
        column = COLUMNS[row.sheet][0]
        key = row[column]
        if key in into.places:
            raise UserError(_("“%(key)s”在本表里出现了两次。") % {"key": key}, field=column)
        reading.check_fields(made)
        into.places[key] = row.number
        known = into.known.get(key)
        if known is None:
            into.known[key] = made
            into.new.append(made)
        else:
            into.change(key, {name: value for name, value in values.items() if getattr(known, name) != value})

    def _find(self, sheet: str, row: Row, column: str) -> Any:
        among = {"部门": self.departments, "人员": self.users, "岗位": self.posts}[sheet]
        found = among.known.get(row[column])
        if found is None and (sheet, row[column]) in self.broken:
            raise _FollowsFromFault
        if found is None:
            raise UserError(_("没有“%(key)s”，请核对，或先写在前面的表里。") % {"key": row[column]}, field=column)
        return found


class _FollowsFromFault(Exception):
    """The row names another that has a fault already; telling it again would bury the cause."""


def _overlap(one: Appointment, other: Appointment) -> bool:
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )
