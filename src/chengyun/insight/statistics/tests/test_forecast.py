from __future__ import annotations

import numpy as np
import pytest

from chengyun.insight.statistics.forecast import forecast, profile, smoothed, weekly

WEEKS = 60


def days_of(weeks, chance):
    """Weeks as days with a quiet weekend."""
    shares = np.array([0.18, 0.17, 0.17, 0.17, 0.17, 0.08, 0.06])
    return np.concatenate([chance.multinomial(int(round(week)), shares) for week in weeks]).tolist()


def steady(seed):
    chance = np.random.default_rng(seed)
    return days_of(chance.poisson(100, WEEKS), chance)


def wandering(seed):
    """Every week is the last one and a step anywhere: nothing says more than last week does."""
    chance = np.random.default_rng(seed)
    return days_of(np.abs(1000 + np.cumsum(chance.normal(0, 60, WEEKS))), chance)


def test_a_steady_series_is_predicted_and_a_wandering_one_is_not():
    predicted = sum(forecast(steady(seed)).is_predictable for seed in range(40))
    mistaken = sum(forecast(wandering(seed)).is_predictable for seed in range(40))
    assert predicted >= 28
    assert mistaken <= 5


def test_the_forecast_is_near_the_level_and_its_range_covers_most():
    found = [forecast(steady(seed)) for seed in range(40)]
    shown = [each for each in found if each.is_predictable]
    assert np.mean([each.expected for each in shown]) == pytest.approx(100, rel=0.05)
    coming = np.random.default_rng(7).poisson(100, len(shown))
    inside = [each.low <= came <= each.high for each, came in zip(shown, coming, strict=True)]
    assert np.mean(inside) >= 0.6


def test_each_held_out_week_is_forecast_from_what_was_known_before_it():
    days = steady(1)
    found = forecast(days)
    changed = forecast([*days[:-7], *([900] * 7)])
    assert [each.said for each in changed.tested] == [each.said for each in found.tested]
    assert changed.tested[-1].came == 6300


def test_days_get_the_share_of_their_weekday():
    days = [10, 0, 0, 0, 0, 0, 0] * 30
    assert profile(days) == (1, 0, 0, 0, 0, 0, 0)
    assert weekly([5, *days]) == (10,) * 30
    assert smoothed((10,) * 30, 0.3) == 10


@pytest.mark.parametrize("days", [[3] * 7 * 30, [0] * 400, [], [0, 0, 0, 1, 0, 0, 0, 0] * 60])
def test_too_short_or_too_thin_a_series_says_nothing(days):
    assert forecast(days).too_short
