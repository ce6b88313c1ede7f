"""The reports' templates on their shelf, and what one must have to hold."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.insight.reports.access import check_writes
from chengyun.insight.reports.composing import called_by
from chengyun.insight.reports.models import ReportTemplate
from chengyun.insight.reports.sandbox import Called
from chengyun.insight.reports.vocabulary import ChangeRef, FigureRef, TableRef
from chengyun.insight.word.versions import Shelf, tried


def checked(content: bytes) -> Called:
    """What it refers to. Raises UserError on the field `template`."""
    return tried(content, lambda: called_by(content))


def _refers_to_figures(_kind: str, content: bytes) -> None:
    """One that names what there is not, or refers to nothing, is refused by name."""
    called = called_by(content)
    if not (called.of(FigureRef) or called.of(ChangeRef) or called.of(TableRef)):
        raise UserError(_("模板里没有引用任何指标；请从现行模板下载后修改，保留其中的占位符"))


TEMPLATES: Final = Shelf("reports", ReportTemplate, Path(__file__).parent / "word", check_writes, _refers_to_figures)
