"""A result as plain data: for the command line and for programs."""

from __future__ import annotations

from typing import Any

from chengyun.insight.evaluation import publishing, schemes
from chengyun.insight.evaluation.computing import Result, Row


def told(result: Result) -> dict[str, Any]:
    """Shape: kind, title, period, from, to, as_of, scheme, groups[key, name, objects[key, name, total, lines, …]].

    Scores, weights and totals are numbers with two decimals; null where there is none.
    """
    period = result.span.period
    return {
        "kind": result.kind.key,
        "title": str(result.kind.title),
        "period": result.span.key,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "as_of": {"cursor": str(result.as_of.cursor), "at": result.as_of.at.isoformat(timespec="seconds")},
        "scheme": schemes.plain(result.plan),
        "groups": [
            {
                "key": each.group.key,
                "name": str(each.group.name),
                "objects": [_row(result, row) for row in each.rows],
            }
            for each in result.groups
        ],
    }


def _row(result: Result, row: Row) -> dict[str, Any]:
    content = publishing.row_content(row)
    lines = [
        {"indicator": indicator.key, **figure, "score": _number(figure["score"]), "weight": _number(figure["weight"])}
        for indicator, figure in zip(result.plan.indicators, content["figures"], strict=True)
    ]
    numbers = {name: _number(content[name]) for name in ("total", "previous_total")}
    kept = {name: content[name] for name in ("name", "grade", "rank", "previous_rank", "late", "exempted")}
    return {"key": row.key, **kept, **numbers, "lines": lines}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
