"""A report's Word file as PDF, made in the background and kept as long as the report stays as it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core.errors import NotFound, UserError
from chengyun.core.instants import now
from chengyun.insight.reports import preview
from chengyun.insight.reports.models import WordPdf, WorkReport
from chengyun.insight.word import libreoffice

State = WordPdf.State
# Whoever waits longer may ask again: the worker stood still.
PATIENCE: Final = dt.timedelta(minutes=10)


def of(report: WorkReport) -> WordPdf | None:
    """The one of the report as it is; a waiting one that was forgotten is none."""
    row = WordPdf.objects.defer("content").filter(report=report, key=key_of(report)).first()
    if row is None or (row.state == State.WAITING and row.asked_at < now() - PATIENCE):
        return None
    return row


@transaction.atomic
def ask(report: WorkReport) -> None:
    """Begun anew where it failed; what is ready or being made stays. Raises UserError where nobody can make it."""
    from chengyun.insight.reports.jobs import make_word_pdf

    if not libreoffice.program():
        raise UserError(str(libreoffice.Fault.ABSENT.label))
    standing, key = of(report), key_of(report)
    if standing is not None and standing.state != State.FAILED:
        return
    begun = {"key": key, "state": State.WAITING, "asked_at": now(), "fault": "", "content": b""}
    WordPdf.objects.update_or_create(report=report, defaults=begun)
    make_word_pdf.enqueue(report.pk, key)


def make(report_id: int, key: str) -> None:
    """What the job does; of a report that has changed since nothing is kept."""
    report = WorkReport.objects.filter(pk=report_id, word_pdf__key=key, word_pdf__state=State.WAITING).first()
    if report is None or key_of(report) != key:
        return
    try:
        done: dict[str, Any] = {"state": State.READY, "content": libreoffice.as_pdf(preview.compose(report).word())}
    except libreoffice.NotMade as error:
        done = {"state": State.FAILED, "fault": error.fault}
    WordPdf.objects.filter(report=report, key=key).update(**done)


def content_of(report: WorkReport) -> bytes:
    row = WordPdf.objects.filter(report=report, key=key_of(report), state=State.READY).first()
    if row is None:
        raise NotFound(_("Word 版式的 PDF 还没有生成，请在报表页生成"))
    return bytes(row.content)


def key_of(report: WorkReport) -> str:
    """Over all that goes into the document."""
    matter = preview.matter_of(report)
    corrections = [
        [each.ref, each.title, each.old, each.new, each.reason, each.by_name, each.at.isoformat()]
        for each in matter.corrections
    ]
    told = [matter.report, matter.facts, matter.texts, corrections, hashlib.sha256(report.template).hexdigest()]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
