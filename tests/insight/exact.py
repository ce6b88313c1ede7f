"""Whether kept figures are exact: all indicators, against those counted anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from chengyun.insight.figures.indicator import indicators
from chengyun.insight.figures.kept import measure_kept
from chengyun.insight.figures.measuring import Figure, Question
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import EVERYTHING, Scope
from chengyun.insight.figures.together import Asked, measure_together

EVER = Period(dt.date(2025, 1, 1), dt.date(2026, 12, 31))
PERIODS = (EVER, Period(dt.date(2026, 5, 1), dt.date(2026, 5, 20)))


def all_figures(scopes: Sequence[Scope] = (EVERYTHING,), bys: Sequence[tuple[str, ...]] = ((),)) -> list[Asked]:
    return [
        Asked(each, Question(period, scope), by)
        for scope in scopes
        for each in indicators()
        for period in PERIODS
        for by in bys
    ]


def check_exact(facts: Any, wanted: Sequence[Asked]) -> None:
    """Another test holds those counted together against those counted one by one."""
    check_equal(measure_kept(facts, wanted), measure_together(facts, wanted))


def check_equal(figures: Sequence[Figure], others: Sequence[Figure]) -> None:
    """Group by group."""
    for one, other in zip(figures, others, strict=True):
        assert list(one.groups) == list(other.groups)
        for key, value in {(): other.total, **other.groups}.items():
            found = one.groups[key] if key else one.total
            # Amounts are added up in another order.
            assert found.numerator == pytest.approx(value.numerator, rel=1e-12), (one.indicator.key, key)
            assert found.denominator == value.denominator
