"""Stretches of days and what they are compared with."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.core.errors import UserError
from chengyun.insight.figures.periods import Period, presets

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))


def period(first: str, last: str) -> Period:
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-06-30"), ("2025-07-01", "2025-12-31")),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")),
        (("2026-03-02", "2026-03-08"), ("2026-02-23", "2026-03-01")),
        (("2026-03-05", "2026-03-05"), ("2026-03-04", "2026-03-04")),
    ],
)
def test_the_period_before_is_as_many_whole_months_or_days(asked, before):
    assert period(*asked).previous == period(*before)


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (("2026-03-05", "2026-04-09"), ("2025-03-05", "2025-04-09")),
        (("2024-02-01", "2024-02-29"), ("2023-02-01", "2023-02-28")),
        (("2025-02-01", "2025-02-28"), ("2024-02-01", "2024-02-29")),
        (("2024-02-29", "2024-02-29"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_the_same_period_of_the_year_before(asked, before):
    assert period(*asked).year_before == period(*before)


@given(DAYS, st.integers(0, 800))
def test_periods_side_by_side_leave_no_day_out(first, length):
    asked = Period(first, first + dt.timedelta(days=length))
    assert asked.previous.last == first - dt.timedelta(days=1)
    assert asked.is_whole_months or asked.previous.days == asked.days


@given(DAYS)
def test_presets_end_no_later_than_today_and_begin_where_they_say(today):
    by_title = {each.title: each.period for each in presets(today)}
    assert all(each.last <= today for each in by_title.values())
    assert by_title["上月"].is_whole_months and by_title["上月"].last.month != today.month
    assert by_title["本周"].first.isoweekday() == 1


@pytest.mark.parametrize(
    "days", [("2026-03-02", "2026-03-01"), ("0001-01-01", "2026-01-01"), ("2026-01-01", "9999-12-31")]
)
def test_a_period_that_cannot_be_is_refused(days):
    with pytest.raises(UserError):
        period(*days)
