"""Laws that hold for every instant, amount and unit."""

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.core.worktime import (
    Calendar,
    Period,
    Unit,
    due,
    exact,
    next_counted_instant,
    remaining,
    statutory_calendar,
    subtract,
    used,
)

# A busy machine is no defect of the arithmetic.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

SEASONS = (
    Period(dt.time(8), dt.time(12)),
    Period(dt.time(14), dt.time(18), first=(10, 1), last=(5, 31)),
    Period(dt.time(14, 30), dt.time(18), first=(6, 1), last=(9, 30)),
)
CALENDARS = {
    "default": statutory_calendar(),
    "seasons": statutory_calendar(SEASONS),
    "nth day": statutory_calendar(SEASONS, "nth_day"),
    "nothing published": Calendar(),
}
HOURLY = (Unit.URGENT_HOUR, Unit.WORKING_HOUR)
SECONDS = {Unit.URGENT_HOUR: 3600, Unit.WORKING_HOUR: 3600, Unit.URGENT_DAY: 86400, Unit.WORKING_DAY: 8 * 3600}
# An uneven day is laid on an even line: microseconds are rounded there, never more than a few.
ROUNDING = dt.timedelta(microseconds=10)

starts = st.datetimes(dt.datetime(2019, 12, 1), dt.datetime(2028, 1, 31), timezones=st.just(dt.UTC))
calendars = st.sampled_from(sorted(CALENDARS)).map(CALENDARS.get)
seconds = st.integers(1, 40 * 8 * 3600)
units = st.sampled_from(sorted(Unit))
additive = st.sampled_from([unit for unit in Unit if unit is not Unit.STATUTORY_DAY])


def amount_of(seconds, unit):
    """A limit that means whole seconds, as limits do."""
    if unit is Unit.STATUTORY_DAY:
        return Decimal(1 + seconds // 40000)
    return exact(Decimal(seconds) / SECONDS[unit])


def near(one, other):
    return abs(one - other) <= ROUNDING


@given(calendars, starts, seconds, seconds, units)
def test_more_time_is_never_due_earlier(calendar, start, few, more, unit):
    small, large = sorted((amount_of(few, unit), amount_of(more, unit)))
    assert due(calendar, start, small, unit).at <= due(calendar, start, large, unit).at


@given(calendars, starts, st.timedeltas(dt.timedelta(0), dt.timedelta(20)), seconds, units)
def test_a_later_start_is_never_due_earlier(calendar, start, wait, length, unit):
    amount = amount_of(length, unit)
    assert due(calendar, start, amount, unit).at <= due(calendar, start + wait, amount, unit).at


@given(calendars, starts, seconds, units)
def test_nothing_is_due_before_it_starts(calendar, start, length, unit):
    assert due(calendar, start, amount_of(length, unit), unit).at > start


@given(calendars, starts, seconds, seconds, st.sampled_from(HOURLY + (Unit.URGENT_DAY, Unit.WORKING_DAY)))
def test_two_limits_in_a_row_are_one_limit(calendar, start, first, second, unit):
    seconds_per_unit = 86400 if unit is Unit.WORKING_DAY and calendar.day_rule == "nth_day" else SECONDS[unit]
    first, second = Decimal(first) / seconds_per_unit, Decimal(second) / seconds_per_unit
    at_once = due(calendar, start, first + second, unit).at
    assert near(due(calendar, due(calendar, start, first, unit).at, second, unit).at, at_once)


@given(calendars, starts, seconds, units)
def test_what_is_used_until_the_deadline_is_the_limit(calendar, start, length, unit):
    amount = amount_of(length, unit)
    if calendar.day_rule == "nth_day" and unit is Unit.WORKING_DAY:
        amount = Decimal(length) / 86400
    assert used(calendar, start, due(calendar, start, amount, unit).at, unit) == exact(amount)


@given(calendars, starts, seconds, units)
def test_subtracting_the_limit_gives_the_counted_start(calendar, start, length, unit):
    amount = amount_of(length, unit)
    begun = next_counted_instant(calendar, start, unit)
    assert near(subtract(calendar, due(calendar, start, amount, unit).at, amount, unit), begun)


@given(calendars, starts, units)
def test_the_counted_start_counts_from_itself(calendar, start, unit):
    begun = next_counted_instant(calendar, start, unit)
    if unit is not Unit.STATUTORY_DAY:  # there the start's own day is excluded once more
        assert near(next_counted_instant(calendar, begun, unit), begun)
    assert begun >= start


@given(calendars, starts, st.timedeltas(dt.timedelta(0), dt.timedelta(20)), seconds, additive)
def test_used_and_remaining_add_up(calendar, start, wait, length, unit):
    end = due(calendar, start, amount_of(length, unit), unit).at
    now = next_counted_instant(calendar, start, unit) + wait
    together = used(calendar, start, now, unit) + remaining(calendar, now, end, unit)
    assert abs(together - used(calendar, start, end, unit)) <= Decimal("0.000002")


@given(calendars, starts, st.integers(1, 60))
def test_a_statutory_deadline_is_a_midnight_in_shanghai(calendar, start, days):
    assert due(calendar, start, days, Unit.STATUTORY_DAY).at.strftime("%H:%M:%S.%f") == "16:00:00.000000"


@given(calendars, starts, seconds, st.sampled_from([Unit.URGENT_HOUR, Unit.URGENT_DAY]))
def test_continuous_units_look_at_no_calendar(calendar, start, length, unit):
    result = due(calendar, start, amount_of(length, unit), unit)
    assert not result.provisional
    assert result.at == start + dt.timedelta(seconds=length)


@given(starts, seconds, units)
def test_the_result_does_not_depend_on_the_zone_of_the_start(start, length, unit):
    elsewhere = start.astimezone(dt.timezone(dt.timedelta(hours=-5, minutes=-30)))
    amount = amount_of(length, unit)
    assert due(CALENDARS["default"], start, amount, unit) == due(CALENDARS["default"], elsewhere, amount, unit)


def walked(calendar, start, minutes):
    """The same deadline, found by walking minute by minute."""
    moment = start
    while minutes:
        civil = moment + dt.timedelta(hours=8)
        now = (civil.hour * 60 + civil.minute) * 60 * 10**6
        minutes -= any(begin <= now < end for begin, end in calendar.spans_on(civil.date()))
        moment += dt.timedelta(minutes=1)
    return moment


@settings(max_examples=25)
@given(calendars, starts, st.integers(1, 3 * 480))
def test_adding_agrees_with_walking_minute_by_minute(calendar, start, minutes):
    start = start.replace(second=0, microsecond=0)
    assert due(calendar, start, Decimal(minutes) / 60, Unit.WORKING_HOUR).at == walked(calendar, start, minutes)


@pytest.mark.parametrize(("minutes", "unit"), list(product((5, 10, 15, 20, 25, 40, 50, 70), HOURLY)))
def test_whole_minutes_stay_exact_in_six_places(minutes, unit):
    start = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)
    stored = exact(Decimal(minutes) / 60)
    assert due(CALENDARS["default"], start, stored, unit).at == start + dt.timedelta(minutes=minutes)
