"""Figures over JSON (docs/api.md): the indicators, one figure, the cases behind it; within what the caller may see."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query, Router, Schema
from pydantic import Field

from chengyun.casework.cases.api import READ_CASES
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.figures import links
from chengyun.insight.figures.asking import ask, indicator_for
from chengyun.insight.figures.indicator import Indicator, indicators
from chengyun.insight.figures.measuring import Question, behind
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.figures.telling import told
from chengyun.people.middleware import ActorRequest

router = Router()

KeyPath = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Narrowing = Annotated[str, Field(max_length=100)]


class IndicatorOut(Schema):
    key: str
    title: str
    words: str
    unit: str
    source: str
    # more, less, or blank where a number is neither good nor bad
    better: str
    is_share: bool


class IndicatorsOut(Schema):
    indicators: list[IndicatorOut]


class ValueOut(Schema):
    value: float | None
    numerator: float
    denominator: float | None


class GroupOut(ValueOut):
    key: list[str | int | None]
    names: list[str]


class AsOfOut(Schema):
    cursor: str
    at: str


class FigureOut(ValueOut):
    key: str
    title: str
    unit: str
    from_: str = Field(alias="from")
    to: str
    where: dict[str, list[str | int | None]]
    as_of: AsOfOut
    by: list[str] = []
    groups: list[GroupOut] = []


class BehindOut(Schema):
    number: str
    rows: int
    amount: float
    at: str | None


class BehindPage(Schema):
    cases: list[BehindOut]
    next: int | None


class FigureIn(Schema):
    # 1 January and today where left out.
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    # dimension:key, may be repeated
    where: Annotated[list[Narrowing], Field(max_length=links.MOST_KEYS)] = []


class SplitIn(FigureIn):
    by: Annotated[list[Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]], Field(max_length=2)] = []


class BehindIn(FigureIn):
    part: Annotated[str, Field(pattern=r"^(of|over)$")] = "of"
    before: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


@router.get("/figures", auth=READ_CASES, response=IndicatorsOut, summary="All indicators")
def figures(request: ActorRequest) -> dict[str, Any]:
    check_reads(request.actor)
    return {"indicators": [_described(each) for each in indicators()]}


@router.get("/figures/{key}", auth=READ_CASES, response=FigureOut, by_alias=True, summary="One figure, split if asked")
def figure(request: ActorRequest, key: KeyPath, wanted: Query[SplitIn]) -> dict[str, Any]:
    check_reads(request.actor)
    period, where = _asked(request, wanted)
    return told(ask(request.actor, key, period, where=where, by=wanted.by))


@router.get("/figures/{key}/cases", auth=READ_CASES, response=BehindPage, summary="The cases behind a figure")
def figure_cases(request: ActorRequest, key: KeyPath, wanted: Query[BehindIn]) -> dict[str, Any]:
    """Newest first; `next` is the `before` of the following page. Their rows add up to the figure's part."""
    check_reads(request.actor)
    indicator = indicator_for(key)
    extra.require()
    from chengyun.insight.facts.session import session

    facts, (period, where) = session(), _asked(request, wanted)
    measured = indicator.over if wanted.part == "over" and indicator.over else indicator.of
    question = Question(period, scope_of(request.actor), where)
    found = behind(facts, measured, question, facts.as_of(), before=wanted.before, limit=wanted.limit)
    page = [
        {
            "number": each.number,
            "rows": each.rows,
            "amount": each.amount,
            "at": each.at.isoformat(timespec="seconds") if each.at else None,
        }
        for each in found
    ]
    return {"cases": page, "next": found[-1].case_id if len(found) == wanted.limit else None}


def _asked(request: ActorRequest, wanted: FigureIn) -> tuple[Period, dict[str, list[Any]]]:
    return links.period_of(wanted.from_, wanted.to), links.narrowing(wanted.where, ":", by=request.actor)


def _described(indicator: Indicator) -> dict[str, Any]:
    texts = {name: str(getattr(indicator, name)) for name in ("key", "title", "words", "unit", "source")}
    return texts | {"better": indicator.better.value, "is_share": indicator.is_share}
