"""A county of a few people for the tests of casework: one of everything that a case needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chengyun.casework import submit, take_step
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.core.file_models import StoredFile
from chengyun.core.worktime.units import Unit
from chengyun.people.access import Actor, actor_for
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role
from chengyun.taxonomy.models import ConditionLimit, FilingCondition, Kind, MajorClass, MinorClass, Standard

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # 09:00 in Shanghai, a working day


@dataclass
class County:
    centre: Department
    housing: Department
    market: Department
    village: Department
    users: dict[str, User]
    waste: MinorClass
    condition: FilingCondition
    reports: int = 0

    def actor(self, name: str) -> Actor:
        return actor_for(self.users[name], MONDAY.date())

    def report(self, **changes: Any) -> Case:
        self.reports += 1
        fields: dict[str, Any] = {
            "source": "hotline", "source_id": str(self.reports), "received_at": MONDAY, "title": "凤凰街垃圾堆积",
            "words": "凤凰街 12 号门前垃圾两天没有清理", "reporter_name": "张三", "reporter_phone": "13800000000",
        }  # fmt: skip
        by = changes.pop("by", None)
        return submit(SubmittedReport(**(fields | changes)), by=by).case

    def step(self, case: Case, verb: str, name: str, **brought: Any) -> Case:
        case.refresh_from_db()
        return take_step(case.pk, verb, by=self.actor(name), version=case.version, **brought)

    def photo(self, name: str) -> StoredFile:
        """A picture's row without its bytes: steps only point to it."""
        by = self.users[name]
        return StoredFile.objects.create(
            sha256="0" * 64,
            size=1,
            mime="image/jpeg",
            name="a.jpg",
            stored_at=MONDAY,
            by_id=by.pk,
            by_name=name,
            salt="s",
        )

    def walk(self, case: Case, to: str, department: Department | None = None) -> Case:
        """Take the main path until `to` has been taken."""
        main = department or self.housing
        photos = {"photos": [self.photo("collector").pk]}
        path: list[tuple[str, str, dict[str, Any]]] = [
            ("accept", "receiver", {"minor_class": self.waste}),
            ("file", "chief", {"condition": self.condition}),
            ("dispatch", "dispatcher", {"department": main}),
            ("receive", "handler" if main == self.housing else "market", {}),
            ("feed_back", "handler" if main == self.housing else "market", {"note": "已清理"}),
            ("send_check", "receiver", {"collector": self.users["collector"]}),
            ("check_pass", "collector", photos),
            ("close", "chief", {"closing_met": True}),
        ]
        for verb, name, brought in path:
            case = self.step(case, verb, name, **brought)
            if verb == to:
                break
        return case


def build() -> County:
    day = dt.date(2020, 1, 1)
    departments = {
        code: Department.objects.create(code=code, name=name, short_name=name, kind=kind, valid_from=day, **more)
        for code, name, kind, more in (
            ("centre", "指挥中心", "centre", {"region_code": ""}),
            ("housing", "住建局", "department", {}),
            ("market", "市场局", "department", {}),
            ("village", "柳河镇", "township", {"region_code": "990126101", "works_online": False}),
        )
    }
    for row in departments.values():
        row.path = f"/{row.pk}/"
        row.save()
    people = (
        ("receiver", "centre", Role.RECEIVER), ("chief", "centre", Role.DUTY_CHIEF),
        ("dispatcher", "centre", Role.DISPATCHER), ("supervisor", "centre", Role.SUPERVISOR),
        ("evaluator", "centre", Role.EVALUATOR), ("leader", "centre", Role.LEADER),
        ("collector", "centre", Role.COLLECTOR), ("collector2", "centre", Role.COLLECTOR),
        ("handler", "housing", Role.HANDLER), ("handler2", "housing", Role.HANDLER),
        ("market", "market", Role.HANDLER), ("admin", "centre", Role.SYSTEM_ADMIN),
    )  # fmt: skip
    users = {}
    for name, department, role in people:
        users[name] = User.objects.create_user(name, "x", name=name)
        post = Post.objects.create(code=name, name=name, department=departments[department], roles=[role])
        Appointment.objects.create(user=users[name], post=post, valid_from=day)
    standard = Standard.objects.create(code="T", title="T")
    major = MajorClass.objects.create(standard=standard, kind=Kind.MATTER, code="06", name="市容环境")
    waste = MinorClass.objects.create(standard=standard, major=major, kind=Kind.MATTER, code="06010", name="暴露垃圾")
    condition = FilingCondition.objects.create(
        minor=waste, number=1, text="路面有成堆垃圾", closing="垃圾清走，路面干净", origin="test", valid_from=day
    )
    ConditionLimit.objects.create(condition=condition, amount=Decimal(4), unit=Unit.WORKING_HOUR)
    return County(**departments, users=users, waste=waste, condition=condition)
