"""Who works in the demo county: the centre, 16 departments, 11 townships, their posts and about 150 people.

The same functions staff the small county of the tests. Everything goes through the register, so it has its history.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.hashers import make_password

from chengyun.demo import words
from chengyun.demo.county import names
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role
from chengyun.people.services.departments import create_department
from chengyun.people.services.posts import create_post

PASSWORD = "chengyun-demo"
CENTRE = "ZX"
SINCE = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class Team:
    """`count` people in one post; their logins are the stem, then stem02, stem03, …"""

    role: Role
    post_name: str
    stem: str
    count: int

    @property
    def logins(self) -> list[str]:
        return [self.stem if number == 1 else f"{self.stem}{number:02}" for number in range(1, self.count + 1)]


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    short_name: str
    kind: str
    region_code: str
    works_online: bool
    phone: str
    teams: tuple[Team, ...]


CENTRE_TEAMS = (
    Team(Role.COLLECTOR, "信息采集员", "caiji", 30),
    Team(Role.RECEIVER, "受理员", "shouli", 6),
    Team(Role.DUTY_CHIEF, "值班长", "zhiban", 3),
    Team(Role.DISPATCHER, "派遣员", "paiqian", 4),
    Team(Role.SUPERVISOR, "督查员", "ducha", 3),
    Team(Role.EVALUATOR, "考核员", "kaohe", 2),
    Team(Role.LEADER, "分管领导", "lingdao", 3),
    Team(Role.SYSTEM_ADMIN, "系统管理员", "xitong", 1),
    Team(Role.SECURITY_ADMIN, "安全管理员", "anquan", 1),
    Team(Role.AUDIT_ADMIN, "审计管理员", "shenji", 1),
)
# One account per role that everybody may try, and two more handlers: of a department and of a township.
SHOWN_LOGINS = (*(team.stem for team in CENTRE_TEAMS), "zhujian", "zhifa", "huanwei", "chenghu")


@dataclass
class Organisation:
    departments: dict[str, Department] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    # (department code, role) → those who work there in it.
    people: dict[tuple[str, Role], list[User]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[tuple[str, Role], Post] = field(default_factory=dict)

    def of_centre(self, role: Role) -> list[User]:
        return self.people[CENTRE, role]


def full_units() -> list[Unit]:
    return [centre_unit(CENTRE_TEAMS), *map(_department_unit, names.rows("departments")), *_township_units()]


def centre_unit(teams: tuple[Team, ...]) -> Unit:
    name = "云泽县城市运行监督指挥中心"
    kind = Department.Kind.CENTRE
    return Unit(CENTRE, name, "指挥中心", kind, names.COUNTY_CODE, True, "0990-6600000", teams)


def _department_unit(row: dict[str, str]) -> Unit:
    online = row["works_online"] == "yes"
    teams = unit_teams(row["login"], online)
    return Unit(row["code"], row["name"], row["short_name"], row["kind"], "", online, row["phone"], teams)


def _township_units() -> list[Unit]:
    return [_township_unit(row) for row in names.rows("townships")]


def _township_unit(row: dict[str, str]) -> Unit:
    online = row["works_online"] == "yes"
    name, code = row["name"], names.COUNTY_CODE + row["code"]
    teams = unit_teams(row["login"], online)
    return Unit(f"T{row['code']}", name, name, Department.Kind.TOWNSHIP, code, online, row["phone"], teams)


def unit_teams(stem: str, online: bool) -> tuple[Team, ...]:
    """A unit that never logs in has contacts with a post, whose accounts are switched off."""
    if not online:
        return (Team(Role.HANDLER, "联络员", stem, 2),)
    return Team(Role.HANDLER, "处置人员", stem, 3), Team(Role.LEADER, "分管负责人", f"{stem}-fz", 1)


def build(units: list[Unit], seed: int) -> Organisation:
    """Departments, then posts, then people in them."""
    random = Random(seed)
    organisation = Organisation()
    # One slow hash for all: they share the printed demo password anyway.
    password = make_password(PASSWORD)
    for order, unit in enumerate(units):
        department = organisation.departments[unit.code] = _create_department(unit, order)
        for team in unit.teams:
            post = create_post(
                by=SYSTEM,
                code=f"{unit.code}-{team.role}".replace("_", "-"),
                name=team.post_name,
                department=department,
                roles=[team.role],
                valid_from=SINCE,
            )
            organisation.posts[unit.code, team.role] = post
            for login in team.logins:
                user = _create_user(random, login, password, unit.works_online)
                organisation.users[login] = user
                organisation.people[unit.code, team.role].append(user)
                register.store(Appointment(user=user, post=post, valid_from=SINCE), by=SYSTEM)
    return organisation


def _create_department(unit: Unit, order: int) -> Department:
    return create_department(
        by=SYSTEM,
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,
        region_code=unit.region_code,
        works_online=unit.works_online,
        phone=unit.phone,
        sort_order=order,
        valid_from=SINCE,
    )


def _create_user(random: Random, login: str, password: str, is_active: bool) -> User:
    """Straight through the register: `create_user` would hash each password and ask for a change at first login."""
    name, phone = words.person_name(random), words.phone(random)
    user = User(username=login, name=name, phone=phone, password=password, is_active=is_active)
    return register.store(user, by=SYSTEM)


def load(units: list[Unit]) -> Organisation:
    """What an earlier run has built."""
    organisation = Organisation()
    organisation.departments = {row.code: row for row in Department.objects.filter(code__in=[u.code for u in units])}
    organisation.users = {user.username: user for user in User.objects.all()}
    posts = {post.code: post for post in Post.objects.all()}
    for unit in units:
        for team in unit.teams:
            organisation.posts[unit.code, team.role] = posts[f"{unit.code}-{team.role}".replace("_", "-")]
            organisation.people[unit.code, team.role] = [organisation.users[login] for login in team.logins]
    return organisation
