"""Published evaluations for programs: the list, and one with all that it froze."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Final, cast

from django.http import HttpRequest
from ninja import Field, Router, Schema

from chengyun.core.digits import cursor
from chengyun.insight.evaluation import access, objects, schemes, spans
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.schemes import Plan
from chengyun.insight.evaluation.scoring import Rule
from chengyun.people.api import Bearer
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import Scope

router = Router(tags=["evaluations"])
READS = Bearer(Scope.CASES_READ)
PAGE: Final = 50
NEWEST: Final = 2**62
# As `GROUPS` and the page of a scheme write the key of a group; nothing else is looked for.
Group = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,20}$")]


class EvaluationOut(Schema):
    id: int
    kind: str = Field(description="area:township, department, post:receiver …")
    kind_title: str
    group: str = Field(description="of departments the group that is ranked by itself, else blank")
    group_name: str
    period: str = Field(description="2025, 2025-Q3, 2025-07, 2025-W31 or 2025-07-14")
    first: dt.date = Field(description="first day of the period")
    last: dt.date = Field(description="last day of the period, included")
    version: int
    is_newest: bool = Field(description="false where a correction has replaced it")
    reason: str = Field(description="why it was corrected; blank for the first version")
    as_of: dt.datetime = Field(description="the instant that the figures are of")
    published_at: dt.datetime
    published_by: str
    digest: str = Field(description="SHA-256 over scheme, figures, scores, ranks and the cases behind them")


class EvaluationsOut(Schema):
    evaluations: list[EvaluationOut]
    next: str = Field(description="`before` of the next page, blank on the last")


class EvaluationLineOut(Schema):
    indicator: str
    title: str
    unit: str
    weight: float = Field(description="of 100")
    rule: Rule = Field(description="up: value; down: 100 − value; at_most, at_least: bands")
    bands: list[tuple[float, float]] = Field(description="threshold, points")
    rest: float = Field(description="points where no band fits")
    per_days: int = Field(description="the days that thresholds are meant for; 0: every period")


class EvaluationGradeOut(Schema):
    name: str
    limit: float = Field(description="from so many points on")


class EvaluationSchemeOut(Schema):
    name: str
    note: str
    lines: list[EvaluationLineOut]
    grades: list[EvaluationGradeOut]


class EvaluationFigureOut(Schema):
    """Without a score the line was left out: there was nothing to divide by."""

    indicator: str
    value: float | None
    numerator: float | None
    denominator: float | None
    score: float | None
    weight: float = Field(description="of 100, after lines that were left out gave theirs to the others")


class EvaluationRowOut(Schema):
    key: str = Field(description="id of the department or person, code of the region")
    name: str
    total: float | None
    grade: str
    rank: int | None = Field(description="equal totals share a rank")
    previous_total: float | None
    previous_rank: int | None
    late: int | None = Field(description="the raw fact, whatever was exempted; null for persons")
    exempted: int | None
    figures: list[EvaluationFigureOut] = Field(description="line by line of the scheme")


class OneEvaluationOut(EvaluationOut):
    scheme: EvaluationSchemeOut
    rows: list[EvaluationRowOut] = Field(description="those that the caller may see, by rank")


@router.get("/evaluations", auth=READS, response=EvaluationsOut, url_name="evaluations")
def evaluations(
    request: HttpRequest, kind: str = "", period: str = "", group: Group = "", before: str = ""
) -> dict[str, Any]:
    """Newest first, fifty at a time; versions that a correction replaced stand in it, too."""
    rows = access.visible_to(cast(ActorRequest, request).actor).filter(pk__lt=_key(before)).defer("scheme")
    if kind:
        rows = rows.filter(kind=objects.kind_for(kind).key)
    if period:
        rows = rows.filter(period=spans.read(period).key)
    if group:
        rows = rows.filter(group=group)
    found = list(rows.order_by("-id")[: PAGE + 1])
    shown = found[:PAGE]
    standing = _standing([row.pk for row in shown])
    return {
        "evaluations": [_told(row, row.pk in standing) for row in shown],
        "next": str(shown[-1].pk) if len(found) > PAGE else "",
    }


@router.get("/evaluations/{int:id}", auth=READS, response=OneEvaluationOut, url_name="evaluation")
def evaluation(request: HttpRequest, id: int) -> dict[str, Any]:
    actor = cast(ActorRequest, request).actor
    publication = access.publication_for(actor, id)
    plan = schemes.frozen(publication.scheme)
    return _told(publication, bool(_standing([publication.pk]))) | {
        "scheme": _scheme(plan),
        "rows": [_row(plan, row) for row in access.rows_for(actor, publication)],
    }


def _key(before: str) -> int:
    key = cursor(before, field="before")
    return NEWEST if key is None else key


def _standing(ids: list[int]) -> set[int]:
    return set(access.newest(Publication.objects.filter(pk__in=ids)).values_list("pk", flat=True))


def _told(row: Publication, is_newest: bool) -> dict[str, Any]:
    copied = ("kind", "group", "group_name", "period", "first", "last", "version", "reason", "published_at",
              "published_by", "digest")  # fmt: skip
    told: dict[str, Any] = {name: getattr(row, name) for name in copied}
    title = str(objects.kind_for(row.kind).title)
    return told | {"id": row.pk, "kind_title": title, "is_newest": is_newest, "as_of": row.as_of_at}


def _scheme(plan: Plan) -> dict[str, Any]:
    lines = [
        {
            "indicator": line.indicator, "title": str(indicator.title), "unit": str(indicator.unit),
            "weight": line.weight, "rule": line.rule, "rest": line.rest, "per_days": line.per_days,
            "bands": [(band.threshold, band.points) for band in line.bands],
        }
        for line, indicator in zip(plan.rules.lines, plan.indicators, strict=True)
    ]  # fmt: skip
    grades = [{"name": grade.name, "limit": grade.limit} for grade in plan.rules.grades]
    return {"name": plan.name, "note": plan.note, "lines": lines, "grades": grades}


def _row(plan: Plan, row: PublishedRow) -> dict[str, Any]:
    copied = ("key", "name", "total", "grade", "rank", "previous_total", "previous_rank", "late", "exempted")
    figures = [
        {
            "indicator": line.indicator, "value": figure["value"], "numerator": figure["numerator"],
            "denominator": figure["denominator"], "weight": Decimal(figure["weight"]),
            "score": None if figure["score"] is None else Decimal(figure["score"]),
        }
        for line, figure in zip(plan.rules.lines, row.figures, strict=True)
    ]  # fmt: skip
    return {name: getattr(row, name) for name in copied} | {"figures": figures}
