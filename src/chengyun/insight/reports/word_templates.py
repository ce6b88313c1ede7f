"""The Word templates by kind: the newest upload, else the one that comes with the product."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.papers.uploads import LARGEST, filled
from chengyun.core import history
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.insight.reports.access import check_writes
from chengyun.insight.reports.composing import called_by
from chengyun.insight.reports.models import ReportTemplate
from chengyun.insight.reports.sandbox import Called
from chengyun.insight.reports.vocabulary import ChangeRef, FigureRef, TableRef
from chengyun.people.access import Actor

DELIVERED: Final = Path(__file__).parent / "word"
VERSIONS_SHOWN: Final = 20
# One byte more than may be, so that a larger one is seen to be too large.
MOST_READ: Final = LARGEST + 1


def delivered(kind: str) -> bytes:
    return (DELIVERED / f"{kind}.docx").read_bytes()


def current(kind: str) -> bytes:
    newest = newest_of(kind)
    return bytes(newest.content) if newest and newest.content else delivered(kind)


def newest_of(kind: str) -> ReportTemplate | None:
    return ReportTemplate.objects.filter(kind=kind).order_by("-id").first()


def versions(kind: str) -> list[ReportTemplate]:
    return list(ReportTemplate.objects.filter(kind=kind).defer("content").order_by("-id")[:VERSIONS_SHOWN])


def replace(kind: str, name: str, content: bytes, *, by: Actor) -> ReportTemplate:
    """Tried before it holds: one that names what there is not, or refers to nothing, is refused by name."""
    check_writes(by)
    called = checked(content)
    if not (called.of(FigureRef) or called.of(ChangeRef) or called.of(TableRef)):
        raise UserError(_("模板里没有引用任何指标；请从现行模板下载后修改，保留其中的占位符"), field="template")
    return _store(kind, name, content, by)


def back_to_delivered(kind: str, *, by: Actor) -> ReportTemplate:
    check_writes(by)
    return _store(kind, "", b"", by)


def checked(content: bytes) -> Called:
    try:
        return filled(content, lambda: called_by(content))
    except UserError as error:
        raise UserError(error.message, field="template") from error


@transaction.atomic
def _store(kind: str, name: str, content: bytes, by: Actor) -> ReportTemplate:
    row = ReportTemplate.objects.create(
        kind=kind, at=now(), by_id=by.user_id, by_name=by.name, name=name[:120], content=content
    )
    told = {"name": name[:120], "size": len(content)}
    history.record(f"reports:template_{kind}", "reports.template_replaced", told, by=by)
    return row
