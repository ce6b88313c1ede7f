"""From the desk's form to the one door in."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from chengyun.assets.queries import component_for
from chengyun.casework import submit
from chengyun.casework.cases.services.submit import Submission, SubmittedReport
from chengyun.casework.components.services import EXTRA, link
from chengyun.core import files
from chengyun.core.instants import now
from chengyun.people.access import Actor


def report_at_the_desk(given: dict[str, Any], *, by: Actor) -> Submission:
    """Pictures are kept first: what is acknowledged is there with its pictures."""
    component = given.get("component", "").strip()
    if component:
        component_for(component)
    uploads: list[UploadedFile[bytes]] = given.get("photos") or []
    stored = [files.store(upload, by=by).pk for upload in uploads]
    lon, lat = given.get("location") or (None, None)
    report = SubmittedReport(
        source=given["source"],
        source_id=f"desk/{given['key']}",
        received_at=now(),
        title=given["title"],
        words=given["words"],
        address=given["address"],
        lon=lon,
        lat=lat,
        reporter_name=given["reporter_name"],
        reporter_phone=given["reporter_phone"],
        is_urgent=given["is_urgent"],
        files=stored,
        extra={EXTRA: component} if component else {},
    )
    return _submitted_with(component, report, by) if component else submit(report, by=by)


def _submitted_with(component: str, report: SubmittedReport, by: Actor) -> Submission:
    """Both or none: who chose a component expects to find it on the case."""
    with transaction.atomic():
        submission = submit(report, by=by)
        if submission.outcome == "created":
            link(submission.case, component, by=by)
    return submission
