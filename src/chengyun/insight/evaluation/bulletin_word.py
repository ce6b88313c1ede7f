"""The bulletin as Word, to be signed, stamped and sent round: a template filled with words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.insight.evaluation import word_templates
from chengyun.insight.evaluation.bulletin import Bulletin, change_of, compose, short
from chengyun.insight.evaluation.models import PaperKind, Publication, PublishedRow
from chengyun.insight.evaluation.schemes import LANGUAGE
from chengyun.insight.evaluation.showing import LineWords
from chengyun.insight.figures.naming import county_name
from chengyun.insight.templatetags.figures import number_text
from chengyun.people.access import Actor

NONE: Final = "—"
# Side by side on A4 upright; more lines make a further table.
LINES_PER_TABLE: Final = 4
# As many late cases as an office reads on paper; the Excel file has them all.
MOST_LATE: Final = 300


def word(actor: Actor, publication: Publication) -> bytes:
    with translation.override(LANGUAGE):
        words = words_of(compose(actor, publication))
        return word_templates.written(word_templates.of_publication(publication), PaperKind.BULLETIN, words)


def words_of(bulletin: Bulletin) -> dict[str, Any]:
    """In the shape of the kind's sample (`word_templates`)."""
    plan, late = bulletin.subject.plan, bulletin.late or ()
    return {
        "bulletin": _told(bulletin),
        "notes": [line for line in plan.note.splitlines() if line.strip()],
        "has_exemptions": bulletin.subject.has_late,
        "has_backlog": bulletin.late is not None,
        "rows": [_result(row) for row in bulletin.rows],
        "parts": list(_parts(bulletin)),
        "cases": [
            {
                "number": case.number, "name": text(bulletin.names.get(case.key)), "class_name": text(case.class_name),
                "department": text(case.department), "days": NONE if case.days is None else f"{case.days:.1f}",
            }
            for case in late[:MOST_LATE]
        ],
        "lines": [
            {
                "title": str(each.indicator.title), "weight": short(each.line.weight),
                "words": str(each.indicator.words), "rule": each.rule,
            }
            for each in bulletin.lines
        ],
    }  # fmt: skip


def _told(bulletin: Bulletin) -> dict[str, str]:
    late, publication = bulletin.late, bulletin.publication
    more = late is not None and len(late) > MOST_LATE
    return {
        "title": bulletin.title, "period": bulletin.period_words, "county": county_name(publication.region_code),
        "span": str(bulletin.subject.span.title), "name": bulletin.name, "version": bulletin.version_words,
        "ranks": bulletin.rank_words, "scheme": bulletin.subject.plan.name, "grades": bulletin.grade_words,
        "late": "" if late is None else bulletin.late_words,
        "more_late": _("以上为超期最久的 %d 件，全部案件见所附 Excel 表。") % MOST_LATE if more else "",
        "as_of": bulletin.as_of_words, "issued": bulletin.issued_words, "digest": publication.digest,
        "issuer": bulletin.issuer,
    }  # fmt: skip


def _result(row: PublishedRow) -> dict[str, str]:
    change = change_of(row)
    return {
        "rank": text(row.rank), "name": row.name, "total": text(row.total), "grade": text(row.grade),
        "change": NONE if change is None else f"{change:+.2f}", "previous_rank": text(row.previous_rank),
        "late": text(row.late), "exempted": text(row.exempted),
    }  # fmt: skip


def _parts(bulletin: Bulletin) -> Iterable[dict[str, Any]]:
    """Value and score of every line, so many lines to a table."""
    for begin in range(0, len(bulletin.lines), LINES_PER_TABLE):
        lines = bulletin.lines[begin : begin + LINES_PER_TABLE]
        heads = [head for each in lines for head in (f"{each.indicator.title}（{each.indicator.unit}）", _("得分"))]
        rows = [{"name": row.name, "cells": list(_scored(row, lines))} for row in bulletin.rows]
        yield {"heads": heads, "rows": rows}


def _scored(row: PublishedRow, lines: Sequence[LineWords]) -> Iterable[str]:
    for each in lines:
        figure = row.figures[each.place]
        yield NONE if figure["value"] is None else number_text(figure["value"])
        yield text(figure["score"])


def text(value: Any) -> str:
    return NONE if value is None or value == "" else str(value)
