"""A figure as plain data: for the command line, the API and files."""

from __future__ import annotations

from typing import Any

from chengyun.insight.figures.measuring import Figure, Value


def told(figure: Figure) -> dict[str, Any]:
    """Shape: key, title, unit, from, to, where, as_of, value, numerator, denominator[, by, groups]."""
    indicator, question = figure.indicator, figure.question
    plain: dict[str, Any] = {
        "key": indicator.key,
        "title": str(indicator.title),
        "unit": str(indicator.unit),
        "from": question.period.first.isoformat(),
        "to": question.period.last.isoformat(),
        "where": {key: list(keys) for key, keys in question.where.items()},
        "as_of": {"cursor": str(figure.as_of.cursor), "at": figure.as_of.at.isoformat(timespec="seconds")},
        **_value(figure.total),
    }
    if figure.by:
        plain["by"] = [dimension.key for dimension in figure.by]
        plain["groups"] = _groups(figure)
    return plain


def _groups(figure: Figure) -> list[dict[str, Any]]:
    names = [
        dimension.names({key[place] for key in figure.groups if key[place] not in (None, "")})
        for place, dimension in enumerate(figure.by)
    ]
    return [
        {
            "key": list(key),
            "names": [
                str(known.get(part, "" if part is None else part)) for known, part in zip(names, key, strict=True)
            ],
            **_value(value),
        }
        for key, value in figure.groups.items()
    ]


def _value(value: Value) -> dict[str, Any]:
    return {"value": value.value, "numerator": value.numerator, "denominator": value.denominator}
