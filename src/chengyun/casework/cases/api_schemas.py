"""What the API takes and gives, in the words of docs/api.md. Step fields come from `fields.FIELDS`, the one list."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Final

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from chengyun.casework.cases.fields import EVIDENCE, FIELDS, FieldKind
from chengyun.casework.cases.models import Source
from chengyun.casework.cases.workflow import Stage
from chengyun.core.instants import SHANGHAI

# Whole numbers that JSON carries without loss.
MOST_ID: Final = 2**53 - 1
FIRST, LAST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def _instant(moment: dt.datetime) -> dt.datetime:
    """Without a zone it is the county's own time; years that no case can have are refused before they overflow."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if not FIRST <= moment < LAST:
        raise PydanticCustomError("instant", "between 2000 and 2100")
    return moment.astimezone(dt.UTC)


Id = Annotated[int, Field(ge=1, le=MOST_ID)]
Instant = Annotated[dt.datetime, AfterValidator(_instant)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,24}$")]
Files = Annotated[list[Id], Field(max_length=20)]
Extra = Annotated[dict[str, Annotated[str, Field(max_length=500)]], Field(max_length=20)]


class Strict(Schema):
    """A name that we do not know is a mistake of the caller's, and is told."""

    model_config = ConfigDict(extra="forbid")


class Point(Strict):
    lon: Longitude
    lat: Latitude


class ReportIn(Strict):
    source: Source
    source_id: Annotated[str, Field(max_length=100)] = ""
    received_at: Instant | None = None
    occurred_at: Instant | None = None
    title: Annotated[str, Field(max_length=120)] = ""
    words: Annotated[str, Field(max_length=20_000)] = ""
    address: Annotated[str, Field(max_length=200)] = ""
    lon: Longitude | None = None
    lat: Latitude | None = None
    reporter_name: Annotated[str, Field(max_length=50)] = ""
    reporter_phone: Annotated[str, Field(max_length=30)] = ""
    is_urgent: bool = False
    files: Files = []
    extra: Extra = {}
    attach_to: Number | None = None


class CaseHead(Schema):
    number: str
    stage: Stage
    stage_title: str
    version: int


class ReportOut(CaseHead):
    outcome: str


class CaseRow(CaseHead):
    title: str
    source: Source
    class_code: str
    class_name: str
    address: str
    lon: float | None
    lat: float | None
    township_code: str
    is_urgent: bool
    department: str
    lamp: str
    reported_at: dt.datetime
    due_at: dt.datetime | None


class CaseList(Schema):
    cases: list[CaseRow]
    # Give it back as `cursor` for the next page; null on the last.
    next: str | None


class ClockOut(Schema):
    title: str
    lamp: str
    started_at: dt.datetime
    due_at: dt.datetime
    unit: str
    # In the clock's unit, negative when overdue.
    left: float
    is_paused: bool
    is_current: bool


class StepTaken(Schema):
    seq: int
    verb: str
    at: dt.datetime
    who: str
    what: str
    note: str
    stage: Stage


class ReporterOut(Schema):
    source: Source
    source_id: str
    received_at: dt.datetime
    title: str
    words: str
    reporter_name: str
    reporter_phone: str


class ConditionOut(Schema):
    id: int
    text: str
    closing: str


class PictureOut(Schema):
    file: int
    moment: str
    seq: int


class CaseOut(CaseRow):
    description: str
    county_code: str
    community_code: str
    cell_code: str
    filed_at: dt.datetime | None
    dispatched_at: dt.datetime | None
    closed_at: dt.datetime | None
    clocks: list[ClockOut]
    steps: list[StepTaken]
    reports: list[ReporterOut]
    pictures: list[PictureOut]
    # Filing conditions of the case's class, for the step `file`.
    conditions: list[ConditionOut]
    # Verbs that the caller may take now.
    open_steps: list[str]


class FieldOut(Schema):
    name: str
    title: str
    kind: str
    required: bool
    max_length: int | None


class StepOut(Schema):
    verb: str
    title: str
    from_stages: list[Stage]
    to_stage: str
    fields: list[FieldOut]


class ClassOut(Schema):
    id: int
    code: str
    name: str
    major: str


class DepartmentOut(Schema):
    id: int
    code: str
    name: str


class FileOut(Schema):
    id: int
    name: str
    mime: str
    size: int


# --- the fields that steps bring --------------------------------------------------------------------------------------

TYPES: Final[dict[FieldKind, Any]] = {
    FieldKind.FINDING: str,
    FieldKind.CLASS: Id,
    FieldKind.CONDITION: Id,
    FieldKind.DEPARTMENT: Id,
    FieldKind.DEPARTMENTS: Annotated[list[Id], Field(max_length=50)],
    FieldKind.USER: Id,
    FieldKind.PHOTOS: Files,
    FieldKind.MOMENT: Instant,
    FieldKind.CASE: Number,
    FieldKind.CASES: Annotated[list[Number], Field(max_length=50)],
    FieldKind.YES: bool,
    FieldKind.LOCATION: Point,
}
TEXTS: Final = (FieldKind.TEXT, FieldKind.LINE)


def _fields() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in FIELDS.items():
        kind = Annotated[str, Field(max_length=field.max_length)] if field.kind in TEXTS else TYPES[field.kind]
        found[name] = (kind | None, Field(default=None, description=str(field.title)))
    return found


class StepBase(Strict):
    # The case's version that the caller saw.
    version: Id
    # 代录: on what the entry for a department that is not online rests.
    evidence: Annotated[str, Field(description=" / ".join(EVIDENCE))] | None = None
    evidence_note: Annotated[str, Field(max_length=200)] | None = None


if TYPE_CHECKING:
    StepIn = StepBase
else:
    StepIn = create_model("StepIn", __base__=StepBase, **_fields())
