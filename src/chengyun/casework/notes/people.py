"""Whom a note can call: colleagues by name, and whether they may see the case."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import visible_to
from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.people.access import actor_for
from chengyun.people.models import Appointment, User

# Letters before the sign make it an address of mail, not a call.
CALL = re.compile(r"(?<![A-Za-z0-9._-])@([^\s@，。；、！？,;!?]{1,40})")
DEPARTMENT = re.compile(r"[（(]([^）)]{1,30})[）)]")
LONGEST_NAME = 20
OFFERED = 8


@dataclass(frozen=True)
class Colleague:
    user: User
    department: str
    # What is typed for him: the department stands behind a name that several have.
    call: str
    may_see: bool


def may_see(user: User, case: Case) -> bool:
    return visible_to(actor_for(user)).filter(pk=case.pk).exists()


def offered(case: Case, typed: str) -> list[Colleague]:
    """Colleagues whose name has what was typed; at most eight, those who may see the case first."""
    found = list(_at_work().filter(name__contains=typed).order_by("name", "id")[:OFFERED])
    departments, several = _departments(found), _shared_names(found)
    rows = [
        Colleague(user, departments[user.pk], _call(user, departments[user.pk], several), may_see(user, case))
        for user in found
    ]
    return sorted(rows, key=lambda row: not row.may_see)


def called(case: Case, text: str) -> list[User]:
    """Everybody whom `text` calls with @姓名. Raises UserError for a name that nobody has, for one that several have,
    and for somebody who may not see the case."""
    calls = CALL.findall(text)
    if not calls:
        return []
    by_name = _named(calls)
    users = {user.pk: user for user in (_one(call, by_name) for call in calls)}
    blind = [user.name for user in users.values() if not may_see(user, case)]
    if blind:
        sentence = _("%s 无权查看本案，提到也收不到；请删去“@”，或先由派遣把案件交到其部门")
        raise UserError(sentence % "、".join(blind), field="text")
    return list(users.values())


def _named(calls: Iterable[str]) -> dict[str, list[User]]:
    """People by name, for every beginning of a call: Chinese puts no space behind a name."""
    names = {call[:length] for call in calls for length in range(1, min(len(call), LONGEST_NAME) + 1)}
    found: dict[str, list[User]] = defaultdict(list)
    for user in _at_work().filter(name__in=names).order_by("id"):
        found[user.name].append(user)
    return found


def _one(call: str, by_name: dict[str, list[User]]) -> User:
    name = next((call[:length] for length in range(len(call), 0, -1) if call[:length] in by_name), "")
    if not name:
        raise UserError(_("没有叫“%s”的在岗人员；请从提示中选择，或删去“@”") % call[:LONGEST_NAME], field="text")
    found = by_name[name]
    if len(found) == 1:
        return found[0]
    return _by_department(name, call[len(name) :], found)


def _by_department(name: str, behind: str, found: Sequence[User]) -> User:
    departments = _departments(found)
    said = DEPARTMENT.match(behind)
    wanted = [user for user in found if said and departments[user.pk] == said.group(1)]
    if len(wanted) != 1:
        choices = "、".join(f"@{name}（{departments[user.pk]}）" for user in found)
        raise UserError(_("有 %(n)d 位“%(name)s”；请写明是哪一位：%(choices)s")
                        % {"n": len(found), "name": name, "choices": choices}, field="text")  # fmt: skip
    return wanted[0]


def _at_work() -> QuerySet[User]:
    held = Appointment.objects.on(today()).values("user_id")
    return User.objects.filter(is_active=True, pk__in=held)


def _departments(users: Sequence[User]) -> dict[int, str]:
    held = Appointment.objects.on(today()).filter(user__in=users).select_related("post__department").order_by("-id")
    return dict.fromkeys((user.pk for user in users), "") | {
        row.user_id: row.post.department.short_name for row in held
    }


def _shared_names(users: Sequence[User]) -> set[str]:
    same = _at_work().filter(name__in={user.name for user in users})
    counts = Counter(same.values_list("name", flat=True))
    return {name for name, count in counts.items() if count > 1}


def _call(user: User, department: str, several: set[str]) -> str:
    return f"{user.name}（{department}）" if user.name in several else user.name
