"""The pivot over JSON (docs/api.md): the same question as the page's address, the same answer as its table."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import QueryDict
from ninja import Query, Router, Schema
from pydantic import Field

from chengyun.casework.cases.api import READ_CASES
from chengyun.core.instants import today
from chengyun.insight.access import check_reads
from chengyun.insight.figures.links import MOST_KEYS
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import pivot, telling
from chengyun.people.middleware import ActorRequest

router = Router()

Word = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Key = str | int | None


class StatisticsIn(Schema):
    # indicators; filed where left out
    i: Annotated[list[Word], Field(max_length=asking.MOST_INDICATORS)] = []
    by: Word = "department"
    and_: Word | None = Field(None, alias="and")
    # a named period (this month where left out), or days
    span: Word | None = None
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    # dimension:key, may be repeated
    where: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=MOST_KEYS)] = []
    # year, before
    with_: Annotated[list[Word], Field(max_length=2, alias="with")] = []
    top: Annotated[int, Field(ge=1, le=999)] | None = None
    # key, value, -value
    sort: Annotated[str, Field(pattern=r"^(key|-?value)$")] | None = None


class ChangeOut(Schema):
    then: float | None
    by: float | None
    unit: str


class CellOut(Schema):
    indicator: str
    value: float | None
    numerator: float
    denominator: float | None
    share: float | None
    changes: dict[str, ChangeOut]


class RowOut(Schema):
    name: str
    key: Key
    is_rest: bool
    cells: list[CellOut]
    total: CellOut | None


class ColumnOut(Schema):
    name: str
    keys: list[Key]


class IndicatorOut(Schema):
    key: str
    title: str
    unit: str


class DaysOut(Schema):
    from_: str = Field(alias="from")
    to: str


class StatisticsOut(DaysOut):
    by: list[str]
    where: dict[str, list[Key]]
    as_of: str
    indicators: list[IndicatorOut]
    compared: dict[str, DaysOut]
    columns: list[ColumnOut]
    rows: list[RowOut]
    totals: list[CellOut]
    total: CellOut | None


@router.get(
    "/statistics",
    auth=READ_CASES,
    response=StatisticsOut,
    by_alias=True,
    summary="Indicators by one or two dimensions, compared",
)
def statistics(request: ActorRequest, wanted: Query[StatisticsIn]) -> dict[str, Any]:
    check_reads(request.actor)
    params = QueryDict(mutable=True)
    for name, value in wanted.model_dump(by_alias=True, exclude_none=True).items():
        params.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value])])
    return telling.told(pivot.answered(request.actor, asking.read(params, today(), by=request.actor)))
