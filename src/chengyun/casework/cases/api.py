"""Casework over JSON (docs/api.md): the same services, rights and words as the desk's pages."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import File, Header, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from chengyun.casework.cases import api_schemas as schemas
from chengyun.casework.cases import filters
from chengyun.casework.cases.api_cases import case_out, fields_of, head, row_of
from chengyun.casework.cases.models import Case, Report, Source
from chengyun.casework.cases.page import proposal_for
from chengyun.casework.cases.queries import case_for, visible_to
from chengyun.casework.cases.rights import MAY_REPORT
from chengyun.casework.cases.services.steps import take_step
from chengyun.casework.cases.services.submit import SubmittedReport, submit
from chengyun.casework.cases.workflow import STEPS, Stage, Step, Tie
from chengyun.core import files
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.core.instants import now, today
from chengyun.people.access import Actor
from chengyun.people.api import Bearer
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import Scope
from chengyun.people.queries import departments_on
from chengyun.taxonomy.queries import county_catalogue

router = Router()

WRITE_REPORTS = Bearer(Scope.REPORTS_WRITE)
READ_CASES = Bearer(Scope.CASES_READ)
TAKE_STEPS = Bearer(Scope.CASES_STEP)
UPLOAD = Bearer(Scope.REPORTS_WRITE, Scope.CASES_STEP)
ANY = Bearer(*Scope)

NumberPath = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,24}$")]
VerbPath = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100)]


# --- reports ----------------------------------------------------------------------------------------------------------


@router.post(
    "/reports",
    auth=WRITE_REPORTS,
    response={201: schemas.ReportOut, 200: schemas.ReportOut},
    summary="Hand in a report; the same source and source_id is the same report",
)
def report(request: ActorRequest, given: schemas.ReportIn, idempotency_key: Key = None) -> Status[dict[str, Any]]:
    if not request.actor.has(*MAY_REPORT):
        raise NotAllowed(_("您的岗位不登记问题；需要时请找受理员"))
    submitted = _submitted(given, idempotency_key or "", request.actor)
    submission = submit(submitted, by=request.actor)
    answer = head(submission.case) | {"outcome": submission.outcome}
    return Status(201 if submission.outcome == "created" else 200, answer)


def _submitted(given: schemas.ReportIn, key: str, actor: Actor) -> SubmittedReport:
    if given.source == Source.SPLIT:
        raise UserError(_("来源“%s”由系统使用，不能登记") % Source.SPLIT.label, field="source")
    values = given.model_dump(exclude={"received_at", "attach_to", "extra"})
    report = SubmittedReport(
        **values | {"source": str(given.source.value), "source_id": given.source_id or key},
        received_at=given.received_at or now(),
        extra={_clean(name): _clean(value) for name, value in given.extra.items()},
        attach_to=_attachable(given.attach_to, actor),
    )
    return _own_pictures(_own_source_id(report, actor), actor)


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _attachable(number: str | None, actor: Actor) -> str:
    return case_for(actor, number).number if number else ""


def _own_source_id(report: SubmittedReport, actor: Actor) -> SubmittedReport:
    """Somebody else's report is not to be read or supplemented by guessing its source id."""
    source_id = _clean(report.source_id).strip()
    known = Report.objects.filter(source=report.source, source_id=source_id).first()
    if known is None:
        return report
    if known.reporter_id != actor.user_id and not visible_to(actor).filter(pk=known.case_id).exists():
        raise Conflict(_("这个来源编号已被他人使用；请换一个"), field="source_id", code="source_id_taken")
    # What is known keeps its pictures.
    return replace(report, files=())


def _own_pictures(report: SubmittedReport, actor: Actor) -> SubmittedReport:
    ids = set(report.files)
    own = files.StoredFile.objects.filter(pk__in=ids, by_id=actor.user_id, owner_id=None).count() if ids else 0
    if own != len(ids):
        raise UserError(_("照片已失效；请重新添加“照片”"), field="files")
    return replace(report, files=sorted(ids))


# --- cases ------------------------------------------------------------------------------------------------------------


class CaseFilter(Schema):
    stage: Stage | None = None
    source: Source | None = None
    township: Annotated[str, Field(pattern=r"^\d{9}$")] | None = None
    minor: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,8}$")] | None = None
    lamp: Literal["green", "yellow", "red", "grey"] | None = None
    q: Annotated[str, Field(max_length=100)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = filters.PAGE
    cursor: Annotated[str, Field(max_length=40)] | None = None


@router.get("/cases", auth=READ_CASES, response=schemas.CaseList, summary="Cases that the caller may see, newest first")
def cases(request: ActorRequest, wanted: Query[CaseFilter]) -> dict[str, Any]:
    rows = filters.filtered(visible_to(request.actor), _chosen(wanted)).order_by("-id")
    if wanted.cursor:
        rows = rows.filter(pk__lt=_position(wanted.cursor))
    columns = (*filters.COLUMNS, "lon", "lat")
    found = list(rows.select_related("main_department").only(*columns)[: wanted.limit + 1])
    page, at = found[: wanted.limit], now()
    return {
        "cases": [row_of(case, at) for case in page],
        "next": _cursor(page[-1]) if len(found) > wanted.limit else None,
    }


def _chosen(wanted: CaseFilter) -> dict[str, Any]:
    chosen = wanted.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
    return {name: _clean(value) if name == "q" else str(value) for name, value in chosen.items()}


def _cursor(case: Case) -> str:
    return base64.urlsafe_b64encode(f"id:{case.pk}".encode()).decode().rstrip("=")


def _position(cursor: str) -> int:
    try:
        name, _colon, digits = (
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(":")
        )
    except (binascii.Error, ValueError):
        name = digits = ""
    if name != "id" or not digits.isdecimal() or len(digits) > 18:
        raise UserError(_("翻页标记无法识别；请从第一页重新读取"), field="cursor", code="cursor")
    return int(digits)


@router.get("/cases/{number}", auth=READ_CASES, response=schemas.CaseOut, summary="One case: facts, clocks, steps")
def case(request: ActorRequest, number: NumberPath) -> dict[str, Any]:
    return case_out(case_for(request.actor, number), request.actor)


@router.post(
    "/cases/{number}/steps/{verb}",
    auth=TAKE_STEPS,
    response=schemas.CaseHead,
    summary="Take a step, naming the version that the caller saw",
)
def step(request: ActorRequest, number: NumberPath, verb: VerbPath, given: schemas.StepIn) -> dict[str, Any]:
    if verb not in OPEN_STEPS:
        raise NotFound(_("没有名为“%s”的步骤") % verb, field="verb")
    case = case_for(request.actor, number)
    brought = given.model_dump(exclude={"version"}, exclude_none=True)
    if place := brought.get("location"):
        brought["location"] = (place["lon"], place["lat"])
    if verb == "dispatch" and (view := proposal_for(case)):
        brought["proposal"] = {"department_id": view.proposal.main_department_id}
    take_step(case.pk, verb, by=request.actor, version=given.version, **brought)
    # A rule of the county's may have gone a step further.
    case.refresh_from_db(fields=["stage", "version"])
    return head(case)


# --- what there is to choose from -------------------------------------------------------------------------------------


def _is_open(step: Step) -> bool:
    """Steps that a person takes; the rest follows from something else."""
    return bool(step.source) and any(who.tie != Tie.SYSTEM for who in step.who)


OPEN_STEPS = {verb: step for verb, step in STEPS.items() if _is_open(step)}


@router.get("/steps", auth=ANY, response=list[schemas.StepOut], summary="The table of steps")
def steps(request: ActorRequest) -> list[dict[str, Any]]:
    return [
        {
            "verb": step.verb,
            "title": str(step.title),
            "from_stages": list(step.source),
            "to_stage": str(step.target),
            "fields": fields_of(step),
        }
        for step in OPEN_STEPS.values()
    ]


@router.get("/classes", auth=ANY, response=list[schemas.ClassOut], summary="The county's catalogue of today")
def classes(request: ActorRequest) -> list[dict[str, Any]]:
    rows = county_catalogue(today())
    return [{"id": row.minor_id, "code": row.code, "name": row.name, "major": row.major_name} for row in rows]


@router.get("/departments", auth=ANY, response=list[schemas.DepartmentOut], summary="The departments of today")
def departments(request: ActorRequest) -> list[dict[str, Any]]:
    return [{"id": row.pk, "code": row.code, "name": row.name} for row in departments_on(today())]


@router.post("/files", auth=UPLOAD, response={201: schemas.FileOut}, summary="Upload a picture, to be named by its id")
def upload(request: ActorRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    stored = files.store(file, by=request.actor)
    return Status(201, {"id": stored.pk, "name": stored.name, "mime": stored.mime, "size": stored.size})
