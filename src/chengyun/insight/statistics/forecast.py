"""How many cases the coming seven days will bring, and whether that can be said at all. Pure.

Weeks of seven days that end yesterday. A level is smoothed over the weeks (simple exponential smoothing): level + α ×
(what came − level). α is chosen on the weeks before the last twenty; on those twenty, each forecast from what was known
before it, the method is compared with «same as last week». Only where its errors are clearly smaller is a forecast
shown. The days of the week get their share by the profile of the last weeks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HELD_OUT: Final = 20
# Before the weeks that are held out; less is not enough to choose by.
LEARNT_FROM: Final = 14
# Fewer a week is chance alone.
FEWEST: Final = 1.0
ALPHAS: Final = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7)
# So many times its standard error the gain has to be. Of series that wander at random one in fifteen then passes by
# chance, of steady ones (100 a week) four in five are shown.
CLEARLY: Final = 1.0
COVERED: Final = 0.8
PROFILE_WEEKS: Final = 8


@dataclass(frozen=True)
class Tested:
    """One week that was held out: what came, what the method said, what last week said."""

    came: float
    said: float
    last: float


@dataclass(frozen=True)
class Forecast:
    """`expected` is None where the series is not predictable, or too short or too thin to say."""

    weeks: tuple[float, ...]
    expected: float | None
    low: float = 0
    high: float = 0
    alpha: float = 0
    error: float | None = None
    naive_error: float | None = None
    days: tuple[float, ...] = ()
    tested: tuple[Tested, ...] = ()
    too_short: bool = False

    @property
    def is_predictable(self) -> bool:
        return self.expected is not None

    @property
    def better_by(self) -> float | None:
        """By how many per cent its error is smaller than that of «same as last week»."""
        if not self.naive_error or self.error is None:
            return None
        return (1 - self.error / self.naive_error) * 100


def forecast(days: Sequence[float]) -> Forecast:
    """`days` end yesterday, the newest last."""
    weeks = weekly(days)
    if len(weeks) < LEARNT_FROM + HELD_OUT or sum(weeks[-HELD_OUT:]) / HELD_OUT < FEWEST:
        return Forecast(weeks, None, too_short=True)
    alpha = min(ALPHAS, key=lambda each: _mean_error(weeks[:-HELD_OUT], each))
    tested = tuple(
        Tested(weeks[place], smoothed(weeks[:place], alpha), weeks[place - 1])
        for place in range(len(weeks) - HELD_OUT, len(weeks))
    )
    error = _mean([abs(each.came - each.said) for each in tested])
    naive = _mean([abs(each.came - each.last) for each in tested])
    if not _is_clearly_better(tested):
        return Forecast(weeks, None, alpha=alpha, error=error, naive_error=naive, tested=tested)
    expected = smoothed(weeks, alpha)
    spread = sorted(abs(each.came - each.said) for each in tested)[math.ceil(COVERED * HELD_OUT) - 1]
    return Forecast(
        weeks, expected, max(expected - spread, 0), expected + spread, alpha, error, naive,
        tuple(expected * share for share in profile(days)), tested,
    )  # fmt: skip


def weekly(days: Sequence[float]) -> tuple[float, ...]:
    """Sums of seven days each, counted back from the newest; an incomplete first week is left out."""
    begin = len(days) % 7
    return tuple(sum(days[place : place + 7]) for place in range(begin, len(days), 7))


def smoothed(weeks: Sequence[float], alpha: float) -> float:
    """The level after these weeks; it begins with the mean of the first four."""
    level = _mean(weeks[:4])
    for came in weeks:
        level += alpha * (came - level)
    return level


def profile(days: Sequence[float]) -> tuple[float, ...]:
    """The share of each of the coming seven days, from the same weekdays of the last weeks."""
    recent = days[-7 * PROFILE_WEEKS :]
    sums = [sum(recent[place::7]) for place in range(7)]
    whole = sum(sums)
    return tuple(each / whole if whole else 1 / 7 for each in sums)


def _mean_error(weeks: Sequence[float], alpha: float) -> float:
    """Of forecasts one week ahead, after four weeks to find the level."""
    return _mean([abs(weeks[place] - smoothed(weeks[:place], alpha)) for place in range(4, len(weeks))])


def _is_clearly_better(tested: Sequence[Tested]) -> bool:
    gains = [abs(each.came - each.last) - abs(each.came - each.said) for each in tested]
    mean = _mean(gains)
    deviation = math.sqrt(sum((each - mean) ** 2 for each in gains) / (len(gains) - 1))
    return mean > 0 and mean > CLEARLY * deviation / math.sqrt(len(gains))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
