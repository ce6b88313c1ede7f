"""Scope and conditions of a question as SQL, for what is asked of the facts beside the indicators."""

from __future__ import annotations

from typing import Any

from chengyun.insight.figures.measuring import PARAMETER, Question, narrowings


def narrowed(table: str, when: str, question: Question) -> tuple[str, dict[str, Any]]:
    """A condition over `f` and `c`, and its parameters, among them `since` and `until`."""
    conditions, parameters = narrowings(question, table, when)
    condition = " AND ".join([question.scope.sql, *conditions])
    names = set(PARAMETER.findall(condition))
    named = {name: value for name, value in {**question.scope.parameters, **parameters}.items() if name in names}
    return condition, {"since": question.period.since, "until": question.period.until, **named}
