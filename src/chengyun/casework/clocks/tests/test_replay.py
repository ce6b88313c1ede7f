"""The same history gives the same clocks."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.casework.clocks import effects
from chengyun.casework.clocks.as_json import effect_to_json
from chengyun.casework.clocks.effects import ClockError, Limit
from chengyun.casework.clocks.replay import differences, replay
from chengyun.core.worktime import Calendar, Day, Period, Unit, statutory_calendar

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

BASE = statutory_calendar(version=1)
SUMMER = (
    Period(dt.time(8), dt.time(12)),
    Period(dt.time(14), dt.time(18), first=(10, 1), last=(5, 31)),
    Period(dt.time(14, 30), dt.time(18), first=(6, 1), last=(9, 30)),
)
NOTICE_2027 = (Day(dt.date(2027, 1, 3), True, "元旦"), Day(dt.date(2027, 2, 8), False, "假日"))
CALENDARS = {
    1: BASE,
    2: Calendar(SUMMER, BASE.days, BASE.published_years, 2),
    3: Calendar(SUMMER, (*BASE.days, *NOTICE_2027), BASE.published_years | {2027}, 3, "nth_day"),
}
STAGES = ("accept", "handle", "check")
OPERATIONS = ("start", "pause", "resume", "restart", "extend", "stop", "exempt", "recalculate")

limits = st.builds(
    Limit,
    st.decimals(Decimal("0.01"), Decimal(20), places=2),
    st.sampled_from(sorted(Unit)),
    st.sampled_from(["", "A", "B"]),
    st.none() | st.integers(1, 9),
)
waits = st.timedeltas(dt.timedelta(0), dt.timedelta(days=9))
moves = st.tuples(
    st.sampled_from(STAGES), st.sampled_from(OPERATIONS), waits, st.sampled_from(sorted(CALENDARS)), limits
)
first_instants = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 20), timezones=st.just(dt.UTC))


def take(clocks, stage, op, at, calendar, limit):
    """One legal operation, or None."""
    clock = clocks.get(stage)
    if op == "start":
        return None if clock else effects.start(stage, at, limit, calendar, Decimal("0.7"))
    if clock is None:
        return None
    if op == "restart":
        return effects.restart(clock, at, limit, calendar)
    if op == "exempt":
        return effects.exempt(clock, at)
    try:
        return getattr(effects, op)(clock, at, calendar)
    except ClockError:
        return None


@settings(max_examples=200)
@given(first_instants, st.lists(moves, min_size=1, max_size=25))
def test_stepping_and_replaying_the_written_history_agree(at, moves):
    clocks, history = {}, []
    for stage, op, wait, version, limit in moves:
        at += wait
        clock = take(clocks, stage, op, at, CALENDARS[version], limit)
        if clock:
            clocks[stage] = clock
            history.append(effect_to_json(op, clock, at))
    written = json.loads(json.dumps(history))
    assert replay(written, CALENDARS) == clocks
    assert differences(written, CALENDARS) == []


@given(first_instants, limits, st.lists(waits, min_size=1, max_size=6), st.sampled_from(sorted(CALENDARS)))
def test_a_deadline_does_not_depend_on_where_the_pauses_are_asked_about(at, limit, waits, version):
    """Pausing and resuming at one instant is no pause (whole seconds; the law's days exclude the day of each start)."""
    at = at.replace(microsecond=0)
    clock = whole = effects.start("handle", at, limit, CALENDARS[version])
    for wait in waits:
        at = (at + wait).replace(microsecond=0)
        clock = effects.resume(effects.pause(clock, at, CALENDARS[version]), at, CALENDARS[version])
    if limit.unit is not Unit.STATUTORY_DAY:
        assert abs(clock.due_at - whole.due_at) <= dt.timedelta(seconds=1) * (version == 3)


def test_a_forged_deadline_is_found():
    clock = effects.start(
        "handle", dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC), Limit(Decimal(4), Unit.WORKING_HOUR), BASE
    )
    forged = effect_to_json("start", clock, clock.started_at) | {"due": "2026-11-23T09:00:00Z"}
    (difference,) = differences([forged], CALENDARS)
    assert (difference.recorded, difference.computed) == ("2026-11-23T09:00:00Z", "2026-11-23T07:00:00Z")


def test_a_clock_that_was_never_started_cannot_be_paused():
    with pytest.raises(ClockError, match="never started"):
        replay([{"clock": "handle", "effect": "pause", "at": "2026-11-23T01:00:00Z", "calendar_version": 1}], CALENDARS)
