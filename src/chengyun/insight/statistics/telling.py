"""A question and its answer in words, as plain data, and as what the chart draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.measuring import Value
from chengyun.insight.statistics.asked import Asked
from chengyun.insight.statistics.periods import TIMELY
from chengyun.insight.statistics.pivot import Answer, Cell, Row, named
from chengyun.insight.templatetags.figures import number_text
from chengyun.people.access import Actor

# What a chart still tells apart.
MOST_SERIES = 6
MOST_LABELS = 60


def dimension_title(key: str) -> str:
    return str(DIMENSIONS[key].title)


def title_of(asked: Asked) -> str:
    by = " × ".join(dimension_title(key) for key in asked.by)
    return _("%(figures)s：按%(by)s") % {"figures": "、".join(str(each.title) for each in asked.indicators), "by": by}


def conditions(asked: Asked, reader: Actor) -> list[str]:
    """来源：热线；乡镇街道：城关街道或开发区街道."""
    told = []
    for key, values in asked.where.items():
        names = named(key, list(values), by=reader)
        told.append(f"{dimension_title(key)}：{_('或').join(names[value] for value in values)}")
    return told


def number(value: float | None) -> str:
    """5 828, 98.4, or a dash where there is no figure."""
    return number_text(value, places=1)


def chart_of(answer: Answer) -> dict[str, Any] | None:
    """{"labels", "series"} for <city-chart>; None where there is nothing to draw."""
    rows = [row for row in answer.rows if not row.is_rest][:MOST_LABELS]
    if not rows or answer.asked.chart == "none":
        return None
    if answer.asked.columns in TIMELY:
        return _over_time(answer, rows[:MOST_SERIES])
    series = [
        {"name": name, "values": [_plain(row.cells[place].value) for row in rows]} for place, name in _series(answer)
    ]
    return {"labels": [row.name for row in rows], "series": series}


def _over_time(answer: Answer, rows: Sequence[Row]) -> dict[str, Any]:
    """Where the columns are time, it runs along the chart, and the largest rows are told apart."""
    series = [{"name": row.name, "values": [_plain(cell.value) for cell in row.cells]} for row in rows]
    return {"labels": [column.name for column in answer.columns], "series": series}


def _series(answer: Answer) -> list[tuple[int, str]]:
    """One per column; of several indicators those in the unit of the first, for they share an axis."""
    if answer.columns:
        return [(place, column.name) for place, column in enumerate(answer.columns[:MOST_SERIES])]
    unit = str(answer.asked.indicators[0].unit)
    found = enumerate(answer.asked.indicators)
    return [(place, str(each.title)) for place, each in found if str(each.unit) == unit]


def _plain(value: Value) -> float | None:
    return None if value.value is None else round(value.value, 2)


def told(answer: Answer) -> dict[str, Any]:
    """For programs."""
    asked, figure = answer.asked, answer.first
    plain: dict[str, Any] = {
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "by": list(asked.by),
        "where": {key: list(values) for key, values in asked.where.items()},
        "as_of": figure.as_of.at.isoformat(timespec="seconds"),
        "indicators": [
            {"key": each.key, "title": str(each.title), "unit": str(each.unit)} for each in asked.indicators
        ],
        "compared": {
            name: {"from": period.first.isoformat(), "to": period.last.isoformat()}
            for name, period in answer.compared.items()
        },
        "columns": [{"name": column.name, "keys": list(column.keys)} for column in answer.columns],
        "rows": [
            {
                "name": row.name,
                "key": row.key,
                "is_rest": row.is_rest,
                "cells": [_cell(cell) for cell in row.cells],
                "total": _cell(row.total) if row.total else None,
            }
            for row in answer.rows
        ],
        "totals": [_cell(cell) for cell in answer.totals],
        "total": _cell(answer.total) if answer.total else None,
    }
    return plain


def _cell(cell: Cell) -> dict[str, Any]:
    value = cell.value
    return {
        "indicator": cell.indicator.key,
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "share": cell.share,
        "changes": {
            name: {"then": each.then.value, "by": each.by, "unit": "points" if each.is_points else "percent"}
            for name, each in cell.changes.items()
        },
    }
