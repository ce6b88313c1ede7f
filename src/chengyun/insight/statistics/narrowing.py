"""Scope and conditions of a question as SQL, for what is asked of the facts beside the indicators."""

from __future__ import annotations

from typing import Any

from chengyun.insight.figures.measuring import Question, dimension


def narrowed(table: str, when: str, question: Question) -> tuple[str, dict[str, Any]]:
    """A condition over `f` and `c`, and its parameters, among them `since` and `until`."""
    conditions = [question.scope.sql]
    parameters: dict[str, Any] = dict(question.scope.parameters)
    for number, (key, wanted) in enumerate(question.where.items()):
        expression = dimension(key).expression(table, when)
        names = {f"where_{number}_{place}": value for place, value in enumerate(wanted) if value is not None}
        known = [f"{expression} IN ({', '.join('$' + name for name in names)})"] if names else []
        blank = [f"{expression} IS NULL"] if None in wanted else []
        conditions.append(f"({' OR '.join(known + blank)})" if known or blank else "false")
        parameters |= names
    condition = " AND ".join(conditions)
    named = {name: value for name, value in parameters.items() if f"${name}" in condition}
    return condition, {"since": question.period.since, "until": question.period.until, **named}
