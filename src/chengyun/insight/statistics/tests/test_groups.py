"""A table is the groups of its figures, put together as if each cell had looked through all of them."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.http import QueryDict

from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.measuring import Figure, Question, Value
from chengyun.insight.figures.periods import Period
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import pivot
from chengyun.insight.statistics.groups import Groups
from chengyun.people.access import SYSTEM

PERIOD = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
ROWS, COLUMNS = [None, "", *(f"c{number}" for number in range(40))], [None, *range(30)]


class Counted(dict):
    """Groups that know how often all of them were looked through."""

    walks = 0

    def items(self):
        self.walks += 1
        return super().items()


def figure(key, seed=7):
    chance = random.Random(seed)
    keys = [(row, column) for row in ROWS for column in COLUMNS if chance.random() < 0.7]
    chance.shuffle(keys)
    groups = Counted({each: Value(None, chance.random() * 1e6, chance.random()) for each in keys})
    return Figure(find(key), Question(PERIOD), None, Value(1.0, 1.0), groups)


def looked_through(groups, rows, columns):
    """As plainly as can be said."""
    numerator = denominator = 0.0
    for (row, column), value in groups.items():
        if (rows is None or row in rows) and (columns is None or column in columns):
            numerator += value.numerator
            denominator += value.denominator
    return numerator, denominator


@pytest.mark.parametrize("key", ("filed", "closing_rate"))
def test_what_is_put_together_is_the_same_to_the_last_digit(key):
    measured = figure(key)
    found = Groups(measured)
    choices = [
        (rows, columns)
        for rows in (None, [], ["c3"], [None], ["c1", "c9", ""], ["nowhere"])
        for columns in (None, [], [4], [None], [2, 3, 29], [77])
    ]
    for rows, columns in choices:
        told, expected = found.merged(rows, columns), looked_through(measured.groups, rows, columns)
        assert told.numerator == expected[0], (rows, columns)
        assert measured.indicator.over is None or told.denominator == expected[1], (rows, columns)


def test_a_large_table_does_not_look_through_all_groups_for_each_cell(monkeypatch):
    measured = figure("filed")
    monkeypatch.setattr("chengyun.insight.statistics.pivot.ask_many", lambda *_args, **_more: {"filed": measured})
    monkeypatch.setattr(pivot, "MOST_ROWS", 30)
    answer = pivot.answered(SYSTEM, asking.read(QueryDict("by=cell&and=area&span=last_year"), PERIOD.last, by=SYSTEM))
    assert len(answer.rows) == 31 and len(answer.columns) == pivot.MOST_COLUMNS
    assert measured.groups.walks < 10
    rest = answer.rows[-1]
    alone = {row.key for row in answer.rows[:-1]}
    beyond = [row for row in ROWS if row not in alone]
    for column, cell in zip(answer.columns, rest.cells, strict=True):
        expected = looked_through(measured.groups, beyond, column.keys)[0]
        assert cell.value.numerator == expected
