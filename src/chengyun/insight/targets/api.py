"""Targets over JSON (docs/api.md): what is wanted of a year, and what became of it; within what the caller may see."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from chengyun.casework.cases.api import READ_CASES
from chengyun.core.instants import today
from chengyun.insight.targets import access, lines, queries, spans
from chengyun.insight.targets.judging import State
from chengyun.insight.targets.lines import Line
from chengyun.insight.targets.spans import SpanKind
from chengyun.insight.targets.subjects import SubjectKind
from chengyun.people.middleware import ActorRequest

router = Router(tags=["targets"])


class TargetsIn(Schema):
    # This year, or the newest that is planned, where left out.
    year: Annotated[int, Field(ge=spans.EARLIEST, le=spans.LATEST)] | None = None
    span: SpanKind | None = None
    # county, department or township; with a colon and its id or code one of them.
    subject: Annotated[str, Field(pattern=r"^(county|(department|township)(:[0-9]{1,18})?)$")] | None = None
    indicator: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")] | None = None
    # close or behind alone
    deviating: bool = False


class TargetOut(Schema):
    id: int
    plan: str
    indicator: str
    title: str
    unit: str
    span: str = Field(description="2026, 2026-Q1 or 2026-03")
    first: dt.date
    last: dt.date
    subject_kind: SubjectKind
    department: int | None = Field(description="id, where the target is of a department")
    township: str = Field(description="code, where the target is of a township")
    subject: str
    at_least: bool = Field(description="else at most")
    wanted: float
    tolerance: float | None
    value: float | None = Field(description="what became of it; none where there is nothing to divide by")
    numerator: float
    denominator: float | None
    elapsed: float = Field(description="share of the period's working days that count, 0 to 1")
    due: float | None = Field(description="what the value is compared with now")
    deviation: float | None = Field(description="value − due")
    state: State


class TargetsOut(Schema):
    year: int
    as_of: dt.datetime | None
    targets: list[TargetOut]


@router.get("/targets", auth=READ_CASES, response=TargetsOut, url_name="targets", summary="Targets of a year")
def targets(request: ActorRequest, wanted: Query[TargetsIn]) -> dict[str, Any]:
    access.check_reads(request.actor)
    given = wanted.dict(exclude_none=True, exclude={"deviating"})
    wish = queries.wish_of(request.actor, {name: str(value) for name, value in given.items()})
    rows, day = list(queries.found(request.actor, wish)), today()
    found = lines.measure(rows, day)
    told = lines.told(request.actor, rows, found, day)
    shown = [_told(line) for line in told if line.judged.is_deviating or not wanted.deviating]
    return {"year": wish.year, "as_of": found.as_of.at if found.as_of else None, "targets": shown}


def _told(line: Line) -> dict[str, Any]:
    target, judged = line.target, line.judged
    return {
        "id": target.pk, "plan": target.plan.name, "indicator": target.indicator, "title": str(line.indicator.title),
        "unit": str(line.indicator.unit), "span": str(target.span), "first": target.first, "last": target.last,
        "subject_kind": target.subject_kind, "department": target.department_id, "township": target.township_code,
        "subject": line.subject, "at_least": target.at_least, "wanted": float(target.wanted),
        "tolerance": None if target.tolerance is None else float(target.tolerance), "value": line.value.value,
        "numerator": line.value.numerator, "denominator": line.value.denominator, "elapsed": judged.elapsed,
        "due": judged.due, "deviation": judged.deviation, "state": judged.state,
    }  # fmt: skip
