"""Reports for programs: the list, and one with its figures and its text."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from chengyun.core.errors import NotAllowed
from chengyun.insight.reports import access, preview, services
from chengyun.insight.reports.blocks import blocks, text_of
from chengyun.insight.reports.models import Kind, WorkReport
from chengyun.insight.reports.queries import checked, page_of
from chengyun.people.api import Bearer
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import Scope

router = Router(tags=["work reports"])
READS = Bearer(Scope.CASES_READ)


class WorkReportOut(Schema):
    id: int
    kind: Kind
    title: str
    first: dt.date = Field(description="first day of the period")
    last: dt.date = Field(description="last day of the period, included")
    state: WorkReport.State
    as_of: dt.datetime = Field(description="the instant that the figures are of")
    issued_at: dt.datetime | None


class WorkReportsOut(Schema):
    reports: list[WorkReportOut]
    next: str = Field(description="`before` of the next page, blank on the last")


class WorkFigureOut(Schema):
    ref: str = Field(description="indicator|period|narrowing, as the template refers to it")
    key: str
    title: str
    unit: str
    first: dt.date
    last: dt.date
    measured: float | None
    value: float | None = Field(description="as the report gives it: corrected by hand where it differs")


class OneWorkReportOut(WorkReportOut):
    digest: str
    text: str
    figures: list[WorkFigureOut]


@router.get("/work-reports", auth=READS, response=WorkReportsOut, url_name="work_reports")
def work_reports(request: HttpRequest, kind: str = "", before: str = "") -> dict[str, Any]:
    """Newest first, fifty at a time."""
    actor = cast(ActorRequest, request).actor
    if not access.may_read(actor):
        raise NotAllowed(_("报表由指挥中心各岗位查看，如需查看请联系指挥中心"))
    page = page_of(actor, checked({"kind": kind, "before": before}))
    return {"reports": [_told(row) for row in page.rows], "next": str(page.older or "")}


@router.get("/work-reports/{int:number}", auth=READS, response=OneWorkReportOut, url_name="work_report")
def work_report(request: HttpRequest, number: int) -> dict[str, Any]:
    row = access.report_for(cast(ActorRequest, request).actor, number)
    given = {each.ref: each.new for each in services.corrections_of(row)}
    figures = [
        {
            "ref": ref, "key": fact["key"], "title": fact["title"], "unit": fact["unit"], "first": fact["from"],
            "last": fact["to"], "measured": fact["value"], "value": given.get(ref, fact["value"]),
        }
        for ref, fact in row.facts["figures"].items()
    ]  # fmt: skip
    return _told(row) | {"digest": row.digest, "text": text_of(blocks(preview.compose(row))), "figures": figures}


def _told(row: WorkReport) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "title": row.title, "first": row.first, "last": row.last, "state": row.state,
        "as_of": row.as_of_at, "issued_at": row.issued_at,
    }  # fmt: skip
