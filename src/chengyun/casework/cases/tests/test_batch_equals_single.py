"""The bulk writer stores what single steps store (DESIGN §4.3): the same scenes both ways, every row compared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from chengyun.casework import submit, take_step
from chengyun.casework.batch import BatchWriter
from chengyun.casework.cases import search
from chengyun.casework.cases.models import Case, CaseParty, Picture, Report, Request, Step
from chengyun.casework.cases.rights import standings
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services import submit as door
from chengyun.casework.cases.services.resolve import resolve
from chengyun.casework.cases.services.steps import with_evidence
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.cases.workflow import STEPS
from chengyun.casework.clocks.models import Clock
from chengyun.core import files, history, instants
from chengyun.core.models import Event

MINUTE = dt.timedelta(minutes=1)
NUMBER = "99012626030200001"
SALT = "5" * 32
OWN = {"id", "case", "announced_lamp"}  # ids, and what a job writes
LATER = MONDAY + dt.timedelta(days=3)


@dataclass
class Take:
    verb: str
    name: str
    brought: dict[str, Any] = field(default_factory=dict)
    at: dt.datetime | None = None  # a minute after the step before, unless said


def scene(*steps: Any) -> list[Take]:
    return [Take(*step) for step in steps]


FILED = (
    ("accept", "receiver", {"minor_class": "waste", "note": "属实"}),
    ("file", "chief", {"condition": "condition"}),
)
RECEIVED = (*FILED, ("dispatch", "dispatcher", {"department": "housing"}), ("receive", "handler"))
CHECKING = (
    *RECEIVED,
    ("feed_back", "handler", {"note": "已清理"}),
    ("send_check", "receiver", {"collector": "collector"}),
)
END = (("check_pass", "collector", {"photos": "collector"}), ("close", "chief", {"closing_met": True}))
UNTIL = MONDAY + dt.timedelta(days=30)
SCENES = {
    "reported": scene(),
    "the main path": scene(*CHECKING, *END),
    "refused": scene(("refuse", "receiver", {"reason": "不属于受理范围"})),
    "verified first": scene(
        ("send_verify", "receiver", {"collector": "collector"}),
        ("verify_report", "collector", {"finding": "confirmed", "note": "属实", "photos": "collector"}),
        *FILED,
    ),
    "declined": scene(FILED[0], ("decline", "chief", {"reason": "不够立案条件"})),
    "returned and sent to another": scene(
        *RECEIVED,
        ("apply_return", "handler", {"reason": "不属于本部门"}),
        ("grant_return", "dispatcher", {"note": "改派"}),
        ("dispatch", "dispatcher", {"department": "market"}),
        ("receive", "market", {"handler": "market"}),
    ),
    "returned and decided": scene(
        *RECEIVED,
        ("apply_return", "handler", {"reason": "不属于本部门"}),
        ("decide_dispute", "chief", {"department": "housing", "reason": "按权责清单"}),
        ("receive", "handler"),
    ),
    "extended": scene(
        *RECEIVED,
        ("apply_extension", "handler", {"reason": "需要调车"}),
        ("endorse", "handler2"),
        ("grant_extension", "dispatcher", {"note": "同意"}),
        ("apply_extension", "handler", {"reason": "下雨"}),
        ("deny_request", "handler2", {"reason": "理由不足"}),
    ),
    "suspended and resumed": scene(
        *RECEIVED,
        ("apply_suspension", "handler", {"reason": "冬季不宜施工", "until": UNTIL}),
        ("endorse", "handler2"),
        ("grant_suspension", "dispatcher"),
        ("resume", "dispatcher", {}, LATER),
        ("feed_back", "handler", {"note": "完成"}),
    ),
    "reworked, late, appealed": scene(
        *CHECKING,
        ("check_fail", "collector", {"reason": "还有残留", "photos": "collector"}),
        ("feed_back", "handler", {"note": "再次清理", "photos": "handler"}, LATER),
        ("send_check", "receiver", {"collector": "collector"}),
        *END,
        ("appeal", "handler", {"reason": "道路封闭"}),
        ("endorse_appeal", "evaluator"),
        ("grant_appeal", "leader"),
    ),
    "co-handlers": scene(
        *FILED,
        ("dispatch", "dispatcher", {"department": "housing", "co_departments": ["market"]}),
        ("receive", "handler"),
        ("feed_back_part", "market", {"note": "已协助", "photos": "market"}),
        ("feed_back", "handler", {"note": "完成"}),
    ),
    "on behalf": scene(
        *FILED,
        ("dispatch", "dispatcher", {"department": "village"}),
        ("receive", "dispatcher", {"evidence": "phone", "evidence_note": "王五来电"}),
        ("feed_back", "receiver", {"note": "完成", "evidence": "paper", "evidence_note": "单据 7 号"}),
    ),
    "a task that named nobody": scene(
        *CHECKING[:-1], ("send_check", "receiver"), ("check_pass", "collector", {"photos": "collector"})
    ),
    "assigned and unassigned": scene(
        *RECEIVED, ("assign", "handler", {"handler": "handler2"}), ("unassign", "handler2")
    ),
    "supervised": scene(
        *RECEIVED,
        ("supervise", "supervisor", {"note": "请尽快", "answer_by": UNTIL}),
        ("answer_supervision", "handler", {"note": "今日完成"}),
        ("instruct", "leader", {"note": "举一反三"}),
        ("close_by_authority", "leader", {"reason": "现场已拆除"}),
    ),
    "reopened": scene(
        *CHECKING,
        *END,
        ("reopen", "chief", {"reason": "再次出现"}),
        ("dispatch", "dispatcher", {"department": "housing"}),
    ),
    "corrected": scene(
        ("correct", "receiver", {"reason": "笔误", "title": "凤凰街 21 号垃圾", "is_urgent": True}), *FILED
    ),
    "voided": scene(*FILED, ("apply_void", "dispatcher", {"reason": "重复"}), ("grant_void", "chief")),
}  # fmt: skip


def given(county, photos: dict[str, list[int]], brought: dict[str, Any]) -> dict[str, Any]:
    """The names of a scene as what they stand for."""
    found = dict(brought)
    for name in ("department", "minor_class", "condition"):
        if name in found:
            found[name] = getattr(county, found[name])
    for name in ("collector", "handler"):
        if name in found:
            found[name] = county.users[found[name]]
    if "co_departments" in found:
        found["co_departments"] = [getattr(county, code) for code in found["co_departments"]]
    if "photos" in found:
        found["photos"] = [photos[found["photos"]].pop(0)]
    return found


def moments(steps: list[Take]) -> list[dt.datetime]:
    found, at = [], MONDAY
    for step in steps:
        at = step.at or at + MINUTE
        found.append(at)
    return found


def report(photos) -> SubmittedReport:
    return SubmittedReport(
        source="hotline", source_id="一", received_at=MONDAY, title="凤凰街垃圾堆积", words="两天没有清理",
        address="凤凰街 12 号", reporter_name="张三", reporter_phone="13800000000", files=photos["receiver"][:1],
    )  # fmt: skip


def single(county, steps, photos) -> Case:
    with instants.at(MONDAY):
        case = submit(report(photos), by=county.actor("receiver")).case
    for step, at in zip(steps, moments(steps), strict=True):
        with instants.at(at):
            case.refresh_from_db()
            brought = given(county, photos, step.brought)
            case = take_step(case.pk, step.verb, by=county.actor(step.name), version=case.version, **brought)
    return case


def bulk(county, steps, photos) -> Case:
    """What the demo and the import of a history do: plan in memory, write at once."""
    rules, writer, blank = rules_for(""), BatchWriter(), Case()
    place = door.PlaceRef()
    thread = writer.begin(report(photos), NUMBER, place, MONDAY, county.actor("receiver"), rules)
    for step, at in zip(steps, moments(steps), strict=True):
        brought = given(county, photos, step.brought)
        facts = thread.state.facts
        blank.minor_class_id, blank.main_department_id = facts.minor_class_id, facts.main_department_id
        resolved = resolve(STEPS[step.verb], brought, blank, Case.objects.all())
        if "photos" in resolved:
            resolved["photo_commitments"] = files.commitments_of(
                files.StoredFile.objects.in_bulk(resolved["photos"]).values()
            )
        actor = county.actor(step.name)
        by = with_evidence(next(standings(actor, STEPS[step.verb], thread.state)), brought)
        thread.step(step.verb, resolved, by, at, rules)
    with instants.at(MONDAY):
        writer.write([thread])
    return thread.case


def columns(row, without=()) -> dict[str, Any]:
    names = [column.attname for column in row._meta.concrete_fields if column.name not in OWN | set(without)]
    return {name: getattr(row, name) for name in names}


def rows(model, case) -> list[dict[str, Any]]:
    order = "seq" if model is Step else "id"
    return [columns(row) for row in model.objects.filter(case=case).order_by(order)]


def stored(case) -> dict[str, Any]:
    found = {model.__name__: rows(model, case) for model in (Report, Step, CaseParty, Request, Picture)}
    found["Case"] = columns(Case.objects.get(pk=case.pk))
    found["Clock"] = sorted((columns(clock) for clock in Clock.objects.filter(case=case)), key=lambda row: row["stage"])
    told = Event.objects.filter(subject=f"case:{case.pk}").order_by("id")
    found["Event"] = [(event.kind, event.at, event.data) for event in told]
    found["Files"] = sorted(files.attached_to("case", case.pk).values_list("id", flat=True))
    return found


class RolledBack(Exception):
    pass


@pytest.fixture
def photos(county):
    def fresh():
        return {name: list(ids) for name, ids in kept.items()}

    kept = {name: [county.photo(name).pk for _ in range(3)] for name in ("collector", "handler", "market", "receiver")}
    return fresh


@pytest.fixture(autouse=True)
def same_salt_and_number(monkeypatch):
    monkeypatch.setattr(door, "new_salt", lambda: SALT)
    monkeypatch.setattr(door, "numbers", lambda at, located: [NUMBER] * len(located))


def outcome(way, county, steps, photos) -> dict[str, Any]:
    """What `way` stores; undone afterwards, so that the other way finds the same numbers and pictures free."""
    found: dict[str, Any] = {}
    with pytest.raises(RolledBack), transaction.atomic():
        case = way(county, steps, photos)
        found = stored(case)
        found["found by"] = case.pk in search.search_ids("垃圾")
        raise RolledBack
    return found


@pytest.mark.parametrize("steps", SCENES.values(), ids=SCENES)
def test_bulk_stores_what_single_steps_store(county, photos, steps):
    one, many = (outcome(way, county, steps, photos()) for way in (single, bulk))
    for table in one:
        assert many[table] == one[table], table
    assert len(one["Step"]) == len(steps) + 1
    assert one["found by"]


def test_the_scenes_cover_the_table():
    """What no scene takes is a step that the bulk writer is not for: it concerns two cases, or is a correction."""
    taken = {step.verb for steps in SCENES.values() for step in steps}
    people = {verb for verb, step in STEPS.items() if step.source and any(who.role for who in step.who)}
    assert people - taken <= {
        "recall_verify", "handle_on_spot", "give_back", "merge", "split", "recall", "deny_void", "deny_return",
        "bundle", "recall_check", "rework", "deny_appeal",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_history_of_a_bulk_load_verifies(county):
    bulk(county, SCENES["extended"], {"receiver": []})
    assert [str(fault) for fault in history.verify() if fault.is_grave] == []
