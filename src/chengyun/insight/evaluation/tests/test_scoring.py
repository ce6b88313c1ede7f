"""Scores, grades and ranks, by properties and by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.insight.evaluation.scoring import (
    Band,
    Grade,
    Line,
    Measured,
    Rule,
    Rules,
    grade_of,
    judge,
    points,
    ranks,
    rounded,
)

GRADES = tuple(Grade(name, Decimal(limit), "green") for name, limit in zip("ABCDE", (90, 75, 60, 40, 0), strict=True))
FEWER = tuple(Band(Decimal(t), Decimal(p)) for t, p in ((50, 100), (100, 90), (200, 75)))
MORE = tuple(Band(Decimal(t), Decimal(p)) for t, p in ((201, 100), (101, 60)))


def line(rule=Rule.UP, weight="100", bands=(), **more):
    return Line("x", Decimal(weight), rule, bands, **more)


@st.composite
def shares(draw):
    over = draw(st.integers(0, 5000))
    return Measured(draw(st.integers(0, over)), over)


counts = st.integers(0, 5000).map(Measured)
totals = st.lists(st.none() | st.decimals(0, 100, places=2))


@st.composite
def schemes(draw):
    """Rules whose weights sum to 100, with what was measured for them."""
    cuts = sorted(draw(st.lists(st.integers(1, 9999), max_size=5, unique=True)))
    weights = [Decimal(b - a).scaleb(-2) for a, b in zip([0, *cuts], [*cuts, 10000], strict=True)]
    lines, measured = [], []
    for weight in weights:
        rule = draw(st.sampled_from(Rule))
        lines.append(Line("x", weight, rule, FEWER if rule == Rule.AT_MOST else MORE if rule == Rule.AT_LEAST else ()))
        measured.append(draw(counts if lines[-1].is_banded else shares()))
    return Rules(tuple(lines), GRADES), measured


@given(schemes())
def test_a_total_lies_between_the_least_and_the_greatest_score(case):
    rules, measured = case
    found = judge(rules, measured, 30)
    known = [score for score in found.scores if score is not None]
    if found.total is not None:
        assert min(known) <= found.total <= max(known)
        assert found.grade == grade_of(GRADES, found.total) != ""


@given(schemes())
def test_the_total_can_be_recomputed_from_what_is_shown(case):
    rules, measured = case
    found = judge(rules, measured, 30)
    pairs = [(line.weight, s) for line, s in zip(rules.lines, found.scores, strict=True) if s is not None]
    if found.total is None:
        assert not any(m.denominator if m.denominator is not None else m.numerator for m in measured)
    else:
        exact = sum(Fraction(w) * Fraction(s) for w, s in pairs) / sum(Fraction(w) for w, _s in pairs)
        assert abs(Fraction(found.total) - exact) <= Fraction(1, 200)


@given(shares(), shares())
def test_a_better_share_never_scores_less(one, other):
    if one.value is not None and other.value is not None and one.value <= other.value:
        assert points(line(), one, 1) <= points(line(), other, 1)
        assert points(line(Rule.DOWN), one, 1) >= points(line(Rule.DOWN), other, 1)


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(1, 400))
def test_more_complaints_never_score_more_and_more_work_never_less(one, other, days):
    few, many = Measured(min(one, other)), Measured(max(one, other))
    at_most, at_least = line(Rule.AT_MOST, bands=FEWER, per_days=365), line(Rule.AT_LEAST, bands=MORE, per_days=365)
    assert points(at_most, few, days) >= points(at_most, many, days)
    assert points(at_least, few, days) <= points(at_least, many, days)


@given(totals)
def test_ranks_count_those_before(found):
    for total, rank in zip(found, ranks(found), strict=True):
        known = [each for each in found if each is not None]
        assert rank == (None if total is None else 1 + sum(each > total for each in known))


def test_ties_share_a_rank_and_skip_the_next():
    assert ranks([Decimal(80), Decimal(90), None, Decimal(90), Decimal(70)]) == [3, 1, None, 1, 4]


@pytest.mark.parametrize(
    ("measured", "rule", "score"),
    [
        (Measured(2, 3), Rule.UP, "66.67"),
        (Measured(2, 3), Rule.DOWN, "33.33"),
        (Measured(1, 800), Rule.UP, "0.13"),  # 0.125: half up
        (Measured(7, 5), Rule.UP, "100.00"),
        (Measured(7, 5), Rule.DOWN, "0.00"),
        (Measured(0, 0), Rule.UP, None),
    ],
)
def test_points_of_shares(measured, rule, score):
    found = points(line(rule), measured, 30)
    assert found == (None if score is None else Decimal(score))


@pytest.mark.parametrize(("count", "score"), [(0, 100), (50, 100), (51, 90), (200, 75), (201, 0)])
def test_points_of_bands_up_to_a_threshold(count, score):
    assert points(line(Rule.AT_MOST, bands=FEWER), Measured(count), 30) == score


@pytest.mark.parametrize(("count", "score"), [(201, 100), (200, 60), (101, 60), (100, 7)])
def test_points_of_bands_from_a_threshold(count, score):
    assert points(line(Rule.AT_LEAST, bands=MORE, rest=Decimal(7)), Measured(count), 30) == score


def test_thresholds_of_a_year_shrink_with_the_period():
    yearly = line(Rule.AT_MOST, bands=FEWER, per_days=365)
    assert points(yearly, Measured(50), 365) == 100
    assert points(yearly, Measured(4), 28) == 90  # 50 × 28 / 365 = 3.8…
    assert points(yearly, Measured(3), 28) == 100


def test_a_line_without_a_denominator_gives_its_weight_to_the_others():
    rules = Rules((line(weight="30"), line(weight="40"), line(Rule.DOWN, weight="30")), GRADES)
    found = judge(rules, [Measured(1, 2), Measured(0, 0), Measured(0, 4)], 30)
    assert found.scores == (Decimal(50), None, Decimal(100))
    assert found.weights == (Decimal(50), Decimal(0), Decimal(50))
    assert (found.total, found.grade) == (Decimal(75), "B")


def test_no_work_is_no_merit():
    rules = Rules((line(weight="90"), line(Rule.AT_MOST, weight="10", bands=FEWER)), GRADES)
    found = judge(rules, [Measured(0, 0), Measured(0)], 30)
    assert (found.total, found.grade, found.scores) == (None, "", (None, None))
    assert judge(rules, [Measured(0, 0), Measured(3)], 30).total == 100


def test_a_grade_begins_at_its_limit():
    assert [grade_of(GRADES, Decimal(each)) for each in ("90", "89.99", "0", "39.99")] == ["A", "B", "E", "E"]


@given(st.fractions(0, 100))
def test_rounding_is_within_half_a_hundredth(value):
    assert abs(Fraction(rounded(value)) - value) <= Fraction(1, 200)
