"""Cases as the API tells them; every key stands in `api_schemas`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chengyun.casework.cases import writer
from chengyun.casework.cases.fields import FIELDS
from chengyun.casework.cases.models import Case, Picture, Report, Step
from chengyun.casework.cases.page import ClockBar, clock_bars, report_view
from chengyun.casework.cases.rights import offers
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.timeline import timeline
from chengyun.casework.cases.workflow import Step as StepKind
from chengyun.core.instants import now, today
from chengyun.people.access import Actor
from chengyun.taxonomy.queries import conditions_for


def head(case: Case) -> dict[str, Any]:
    return {"number": case.number, "stage": case.stage, "stage_title": case.stage_label, "version": case.version}


def row_of(case: Case, at: dt.datetime) -> dict[str, Any]:
    same = (
        "title", "source", "class_code", "class_name", "address", "lon", "lat", "township_code", "is_urgent",
        "reported_at", "due_at",
    )  # fmt: skip
    department = case.main_department.short_name if case.main_department else ""
    return head(case) | {name: getattr(case, name) for name in same} | {"department": department, "lamp": case.lamp(at)}


def case_out(case: Case, actor: Actor) -> dict[str, Any]:
    at = now()
    state, rules = writer.load(case), rules_for(case.township_code)
    same = ("description", "county_code", "community_code", "cell_code", "filed_at", "dispatched_at", "closed_at")
    minor = case.minor_class
    return row_of(case, at) | {name: getattr(case, name) for name in same} | {
        "clocks": [_clock(bar) for bar in clock_bars(case, state, at, rules.calendar)],
        "steps": [_step(line) for line in timeline(list(Step.objects.filter(case=case).order_by("seq")))],
        "reports": [_report(each, actor) for each in case.reports.order_by("id")],
        "pictures": [_picture(each) for each in case.pictures.order_by("id")],
        "conditions": [_condition(each) for each in conditions_for(minor, today())] if minor else [],
        "open_steps": [offer.verb for offer in offers(actor, state, at, rules)],
    }  # fmt: skip


def _clock(bar: ClockBar) -> dict[str, Any]:
    clock = bar.clock
    return {
        "title": bar.title,
        "lamp": bar.lamp,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "unit": str(clock.limit.unit.value),
        "left": float(bar.left),
        "is_paused": clock.is_paused,
        "is_current": bar.is_current,
    }


def _step(line: Any) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "verb": line.step.verb,
        "at": line.at,
        "who": line.who,
        "what": line.what,
        "note": line.note,
        "stage": line.step.target_stage,
    }


def _report(report: Report, actor: Actor) -> dict[str, Any]:
    view = report_view(report, actor)
    same = ("source", "source_id", "received_at", "title", "words")
    return {name: getattr(report, name) for name in same} | {"reporter_name": view.name, "reporter_phone": view.phone}


def _picture(picture: Picture) -> dict[str, Any]:
    return {"file": picture.file_id, "moment": picture.moment, "seq": picture.step_seq}


def _condition(condition: Any) -> dict[str, Any]:
    return {"id": condition.pk, "text": condition.text, "closing": condition.closing}


def fields_of(step: StepKind) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": str(FIELDS[name].title),
            "kind": FIELDS[name].kind.value,
            "required": name in step.brings,
            "max_length": FIELDS[name].max_length if FIELDS[name].kind in ("text", "line") else None,
        }
        for name in (*step.brings, *step.may_bring)
    ]
