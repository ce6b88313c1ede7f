"""申诉处理单: an objection on paper, with what was published, what was said against it, and who decided when."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.core.instants import now
from chengyun.insight.evaluation import objections, showing, word_templates
from chengyun.insight.evaluation.bulletin import moment
from chengyun.insight.evaluation.bulletin_word import NONE, text
from chengyun.insight.evaluation.models import Objection, PaperKind
from chengyun.insight.evaluation.publishing import span_of
from chengyun.insight.evaluation.schemes import LANGUAGE
from chengyun.insight.figures.naming import centre_name
from chengyun.insight.templatetags.figures import number_text


def word(objection: Objection) -> bytes:
    with translation.override(LANGUAGE):
        template = word_templates.TEMPLATES.current(PaperKind.OBJECTION)
        return word_templates.written(template, PaperKind.OBJECTION, words_of(objection))


def words_of(objection: Objection) -> dict[str, Any]:
    """In the shape of the kind's sample (`word_templates`)."""
    row, publication = objection.row, objection.row.publication
    indicator, figure = objections.line_of(row, objection.line), row.figures[objection.line]
    is_decided = not (objection.is_open or objection.is_withdrawn)
    return {
        "objection": {
            "number": str(objection.pk), "issuer": centre_name(publication.region_code),
            "result": showing.subject_of(publication).title, "version": str(publication.version),
            "span": str(span_of(publication).title), "name": row.name, "line": str(indicator.title),
            "formula": str(indicator.words), "value": _value(figure, str(indicator.unit)),
            "score": text(figure["score"]), "weight": text(figure["weight"]), "total": text(row.total),
            "rank": text(row.rank), "by": objection.by_name, "at": moment(objection.at),
            "state": objection.get_state_display(), "decided_by": text(objection.decided_by),
            "decided_at": moment(objection.decided_at) if objection.decided_at else NONE,
            "withdrawn_by": text(objection.withdrawn_by),
            "withdrawn_at": moment(objection.withdrawn_at) if objection.withdrawn_at else NONE, "day": moment(now()),
        },
        "words": _lines(objection.words),
        "reason": _lines(objection.reason),
        "is_decided": is_decided,
        "is_withdrawn": objection.is_withdrawn,
    }  # fmt: skip


def _value(figure: dict[str, Any], unit: str) -> str:
    """98.00 %（49 / 50）."""
    if figure["value"] is None:
        return NONE
    told = f"{number_text(figure['value'])} {unit}"
    if figure["denominator"] is None:
        return told
    of = {"part": number_text(figure["numerator"]), "whole": number_text(figure["denominator"])}
    return told + _("（%(part)s / %(whole)s）") % of


def _lines(words: str) -> list[str]:
    return [line for line in words.splitlines() if line.strip()]
