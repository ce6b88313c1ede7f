"""The cases behind a figure for all its groups at once, as ids: what a published result keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Measure
from chengyun.insight.figures.measuring import Question, dimension, from_and_where

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session


def ids_by(session: Session, measured: Measure, question: Question, by: str, as_of: AsOf) -> dict[Key, list[int]]:
    """Key → a case id for every row that `measured` counts, ascending; a case that counts twice stands twice."""
    source, condition, parameters = from_and_where(measured, question, as_of)
    key = dimension(by).expression(measured.table, measured.when or "c.filed_at")
    # A parameter that only the amount names is none of this statement's.
    named = {name: value for name, value in parameters.items() if f"${name}" in condition}
    rows = session.ask(
        f"SELECT {key}, list(c.case_id ORDER BY c.case_id) FROM {source} WHERE {condition} GROUP BY {key}", named
    )
    return dict(rows)
