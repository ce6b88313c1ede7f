"""From measured values to scores, grades and ranks. Pure arithmetic: no Django, no database, no words.

Exact: values are fractions, and what is shown is rounded half up to hundredths. A total is made of the scores as they
are shown, so that whoever has the page and a pocket calculator comes to the same result; equal shown totals share a
rank.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor


class Rule(StrEnum):
    """How a measured value becomes points, 0 to 100."""

    UP = "up"  # a share counted up: value × 100
    DOWN = "down"  # a share counted down: 100 − value × 100
    AT_MOST = "at_most"  # bands: the first threshold that the value does not exceed gives the points
    AT_LEAST = "at_least"  # bands: the first threshold that the value reaches gives the points


@dataclass(frozen=True)
class Band:
    threshold: Decimal
    points: Decimal


@dataclass(frozen=True)
class Line:
    """One line of a scheme. `weight` is of 100. Of bands: `rest`, the points where none fits, and `per_days`, the days
    that the thresholds are meant for (0: they hold as they stand for every period)."""

    indicator: str
    weight: Decimal
    rule: Rule
    bands: tuple[Band, ...] = ()
    rest: Decimal = Decimal(0)
    per_days: int = 0

    @property
    def is_banded(self) -> bool:
        return self.rule in (Rule.AT_MOST, Rule.AT_LEAST)


@dataclass(frozen=True)
class Grade:
    """From `limit` points on, both included; `colour` is a word of the page's own palette."""

    name: str
    limit: Decimal
    colour: str


@dataclass(frozen=True)
class Rules:
    """Grades from the best down; the last has the limit 0."""

    lines: tuple[Line, ...]
    grades: tuple[Grade, ...]


@dataclass(frozen=True)
class Measured:
    """What was counted for one object. Without a denominator it is a count, with 0 there is nothing to divide by."""

    numerator: float
    denominator: float | None = None

    @property
    def value(self) -> Fraction | None:
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator) / Fraction(self.denominator) if self.denominator else None


@dataclass(frozen=True)
class Judgement:
    """`scores` and `weights` line by line: None and 0 where a line was left out and its weight spread over the others.
    Without anything measured there is neither total nor grade."""

    scores: tuple[Decimal | None, ...]
    weights: tuple[Decimal, ...]
    total: Decimal | None = None
    grade: str = ""


def rounded(value: Fraction | Decimal) -> Decimal:
    """Half up to hundredths, exactly."""
    return Decimal(floor(Fraction(value) * 100 + Fraction(1, 2))).scaleb(-2)


def points(line: Line, measured: Measured, days: int) -> Decimal | None:
    """Of one line over a period of `days` civil days; None where there is nothing to divide by."""
    value = measured.value
    if value is None:
        return None
    if line.is_banded:
        return _banded(line, value, days)
    share = min(max(value * 100, Fraction(0)), Fraction(100))
    return rounded(share if line.rule == Rule.UP else 100 - share)


def _banded(line: Line, value: Fraction, days: int) -> Decimal:
    stretch = Fraction(days, line.per_days) if line.per_days else Fraction(1)
    for band in line.bands:
        threshold = Fraction(band.threshold) * stretch
        if value <= threshold if line.rule == Rule.AT_MOST else value >= threshold:
            return rounded(band.points)
    return rounded(line.rest)


def judge(rules: Rules, measured: Sequence[Measured], days: int) -> Judgement:
    """`measured` in the order of the lines."""
    if not _is_anything(measured):
        return Judgement((None,) * len(rules.lines), (Decimal(0),) * len(rules.lines))
    scores = tuple(points(line, each, days) for line, each in zip(rules.lines, measured, strict=True))
    pairs = list(zip(rules.lines, scores, strict=True))
    whole = sum((Fraction(line.weight) for line, score in pairs if score is not None), Fraction(0))
    shares = [Fraction(line.weight) / whole if score is not None else Fraction(0) for line, score in pairs]
    total = rounded(
        sum((Fraction(score or 0) * share for score, share in zip(scores, shares, strict=True)), Fraction())
    )
    weights = tuple(rounded(share * 100) for share in shares)
    return Judgement(scores, weights, total, grade_of(rules.grades, total))


def _is_anything(measured: Sequence[Measured]) -> bool:
    """A share with something to divide by, or a count that is not nought: no complaint about no work is no merit."""
    return any(each.denominator if each.denominator is not None else each.numerator for each in measured)


def grade_of(grades: Sequence[Grade], total: Decimal) -> str:
    return next((grade.name for grade in grades if total >= grade.limit), "")


def ranks(totals: Sequence[Decimal | None]) -> list[int | None]:
    """1 for the greatest. Equal totals share a rank and as many after it are skipped; without a total no rank."""
    ordered = sorted(-total for total in totals if total is not None)
    return [bisect_left(ordered, -total) + 1 if total is not None else None for total in totals]
