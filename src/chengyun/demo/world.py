"""Everything a simulated case asks about its county, read once and then answered from memory."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random

from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services.resolve import class_ref, condition_ref
from chengyun.casework.cases.state import By, CaseFacts, ClassRef, ConditionRef, DepartmentRef, PersonRef, Rules
from chengyun.casework.dispatch import queries as dispatch
from chengyun.casework.dispatch.dutylist import DutyList, Rule
from chengyun.core.files import StoredFile
from chengyun.demo.county import names
from chengyun.demo.organisation import CENTRE, Organisation
from chengyun.demo.rhythm import SHANGHAI
from chengyun.demo.subjects import Subject, subject_for
from chengyun.people.access import Actor, actor_for
from chengyun.people.models import Department, User
from chengyun.people.roles import Role
from chengyun.taxonomy import queries as taxonomy
from chengyun.taxonomy.catalogue import Catalogue
from chengyun.taxonomy.models import CountyClass, FilingCondition

SHIFT_HOURS = 8
# Keyword of a subject that a collector settles at once → how: he clears it away, persuades, or puts it straight.
ON_SPOT = {
    "暴露垃圾": "clear",
    "道路不洁": "clear",
    "小广告": "clear",
    "非装饰性": "clear",
    "绿地脏乱": "clear",
    "沿街晾挂": "persuade",
    "乱堆": "persuade",
    "店外经营": "persuade",
    "占道经营": "persuade",
    "无照经营游商": "persuade",
    "街头散发广告": "persuade",
    "占道促销": "persuade",
    "非机动车乱停放": "straighten",
    "共享单车": "straighten",
}
# How a department settles its cases, for the words of its answer.
WAYS = {"HW": "clean", "YL": "clean", "SW": "clean", "ZF": "order", "JJ": "order", "SC": "order", "HB": "order"}


@dataclass(frozen=True)
class Kind:
    """A class of the county's catalogue that can be filed, with the habits of its subject."""

    ref: ClassRef
    name: str
    subject: Subject
    conditions: tuple[FilingCondition, ...]

    @property
    def way(self) -> str:
        """clean, order or repair: how such a thing is settled."""
        is_thing = self.ref.kind == "part" or self.name.endswith("异常")
        return "repair" if is_thing else WAYS.get(self.subject.owner, "repair")


@dataclass
class World:
    organisation: Organisation
    # The forty originals of `photos`; without them cases are told without pictures.
    pictures: Sequence[StoredFile] = ()
    rules: Rules = field(default_factory=lambda: rules_for(names.COUNTY_CODE))
    _kinds: dict[dt.date, list[Kind]] = field(default_factory=dict)
    _bys: dict[tuple[int, Role], By] = field(default_factory=dict)
    _actors: dict[int, Actor] = field(default_factory=dict)

    # --- what ---------------------------------------------------------------------------------------------------

    def kinds_on(self, day: dt.date) -> list[Kind]:
        """The classes that the county files on that day; the catalogue changes on the first of a month."""
        first = day.replace(day=1)
        if first not in self._kinds:
            self._kinds[first] = self._load_kinds(first)
        return self._kinds[first]

    def _load_kinds(self, day: dt.date) -> list[Kind]:
        rows = taxonomy.county_catalogue(day).order_by("pk")
        kinds = (self._kind(row, day) for row in rows)
        return [kind for kind in kinds if kind.conditions]

    def _kind(self, row: CountyClass, day: dt.date) -> Kind:
        conditions = tuple(self._catalogue.conditions_on(row.minor_id, day))
        return Kind(class_ref(row.minor), row.name, subject_for(row.name), conditions)

    def draw_kind(self, random: Random, day: dt.date, source: str, *, on_spot: bool = False) -> Kind:
        """`on_spot`: only what a collector can put right with his own hands."""
        kinds = [kind for kind in self.kinds_on(day) if not on_spot or kind.subject.keyword in ON_SPOT]
        return random.choices(kinds, [kind.subject.weight_from(source, day.month) for kind in kinds])[0]

    def condition(self, random: Random, kind: Kind, area_class: str) -> ConditionRef:
        """The first conditions of a class are the commoner ones."""
        weights = [1 / (1 + place) for place in range(len(kind.conditions))]
        return condition_ref(random.choices(kind.conditions, weights)[0], area_class)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return taxonomy.catalogue()

    # --- who answers --------------------------------------------------------------------------------------------

    @cached_property
    def duties(self) -> DutyList:
        return dispatch.duty_list()

    @cached_property
    def departments(self) -> dict[int, Department]:
        return {department.pk: department for department in self.organisation.departments.values()}

    def department_ref(self, department_id: int) -> DepartmentRef:
        department = self.departments[department_id]
        return DepartmentRef(department.pk, department.short_name, department.works_online)

    def rule_for(self, facts: CaseFacts, condition_key: tuple[int, int] | None, at: dt.datetime) -> Rule | None:
        codes = [
            code for code in (facts.cell_code, facts.community_code, facts.township_code, facts.county_code) if code
        ]
        return self.duties.best(facts.minor_class_id or 0, codes, condition_key, at)

    # --- who acts -----------------------------------------------------------------------------------------------

    def actor(self, user: User) -> Actor:
        if user.pk not in self._actors:
            self._actors[user.pk] = actor_for(user)
        return self._actors[user.pk]

    def by(self, user: User, role: Role) -> By:
        key = (user.pk, role)
        if key not in self._bys:
            actor = self.actor(user)
            self._bys[key] = By(
                user.pk, user.name, role, actor.post_name, actor.home_department_id, actor.home_department_name
            )
        return self._bys[key]

    def on_shift(self, role: Role, at: dt.datetime) -> By:
        """The centre's people take turns: every eight hours others sit at the desk."""
        team = self.organisation.of_centre(role)
        local = at.astimezone(SHANGHAI)
        turn = local.toordinal() + local.hour // SHIFT_HOURS
        return self.by(team[turn % len(team)], role)

    def collector(self, user_id: int | None, random: Random) -> By:
        team = self.organisation.of_centre(Role.COLLECTOR)
        user = self._users.get(user_id or 0) or random.choice(team)
        return self.by(user, Role.COLLECTOR)

    def user(self, user_id: int) -> User:
        return self._users[user_id]

    @cached_property
    def _users(self) -> dict[int, User]:
        return {user.pk: user for user in self.organisation.users.values()}

    @cached_property
    def _codes(self) -> dict[int, str]:
        return {department.pk: code for code, department in self.organisation.departments.items()}

    def staff(self, department_id: int, role: Role) -> list[User]:
        return self.organisation.people.get((self._codes[department_id], role), [])

    def handler(self, department_id: int, random: Random, at: dt.datetime) -> By:
        """Somebody of the department, or where it never logs in the centre on its behalf (代录)."""
        department = self.department_ref(department_id)
        if department.works_online:
            return self.by(random.choice(self.staff(department_id, Role.HANDLER)), Role.HANDLER)
        return self._on_behalf(department, random, at)

    def second(self, department_id: int, random: Random, at: dt.datetime) -> By:
        """Whoever endorses a request inside the department."""
        department = self.department_ref(department_id)
        leaders = self.staff(department_id, Role.LEADER)
        if department.works_online and leaders:
            return self.by(random.choice(leaders), Role.LEADER)
        return self._on_behalf(department, random, at)

    def _on_behalf(self, department: DepartmentRef, random: Random, at: dt.datetime) -> By:
        evidence = random.choice(("phone", "phone", "paper"))
        day = at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
        note = f"{day} 电话确认，{department.name}值班室" if evidence == "phone" else f"处置回单 {day}，加盖公章"
        entered = self.on_shift(Role.DISPATCHER, at)
        return replace(entered, on_behalf_of=department, evidence=evidence, evidence_note=note)

    def handler_ref(self, by: By) -> PersonRef | None:
        return PersonRef(by.user_id, by.name) if by.user_id and not by.on_behalf_of else None

    @cached_property
    def others(self) -> dict[int, list[int]]:
        """For each department a few that might wrongly get its cases."""
        ids = [each.pk for code, each in self.organisation.departments.items() if code != CENTRE]
        found = defaultdict(list)
        for index, department_id in enumerate(ids):
            found[department_id] = [ids[(index + step) % len(ids)] for step in (1, 2, 5)]
        return found


def notes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in names.rows("notes"):
        found[row["verb"]].append(row["text"])
    return found
