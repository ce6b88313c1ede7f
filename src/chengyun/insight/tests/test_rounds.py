"""Rounds read off what the steps recorded."""

from __future__ import annotations

import datetime as dt

from chengyun.insight.facts.rounds import StepTaken, lay_out

NINE = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def minutes(count):
    return NINE + dt.timedelta(minutes=count)


def effect(kind, clock, at, due, round=1, **more):
    return {"effect": kind, "clock": clock, "at": _text(at), "due": _text(due), "round": round, **more}


def _text(moment):
    return moment.isoformat().replace("+00:00", "Z")


def begun(clock, at, due, round=1, kind="start"):
    return effect(kind, clock, at, due, round, limit="4.000000", unit="working_hours")


def step(seq, at, verb, *effects, department=None, undoes=None, user=7):
    return StepTaken(seq, at, verb, user, None, department, list(effects), undoes)


def test_a_round_ends_with_the_step_that_brought_its_clock_to_a_stand():
    report = step(1, NINE, "report", begun("accept", NINE, minutes(15)))
    accept = step(2, minutes(10), "accept", effect("stop", "accept", minutes(10), minutes(15)))
    (round_,) = lay_out([report, accept])
    assert (round_.ended_at, round_.ended_by, round_.user_id) == (dt.datetime(2026, 3, 2, 1, 10), "accept", 7)
    assert (accept.clock, accept.clock_due_at) == ("accept", dt.datetime(2026, 3, 2, 1, 15))


def test_a_paused_clock_that_is_stopped_stopped_where_it_stood():
    dispatch = step(1, NINE, "dispatch", begun("handle", NINE, minutes(240)), department=3)
    feed_back = step(2, minutes(60), "feed_back", effect("pause", "handle", minutes(60), minutes(240)))
    close = step(3, minutes(500), "close", effect("stop", "handle", minutes(500), minutes(240)))
    (round_,) = lay_out([dispatch, feed_back, close])
    assert round_.ended_by == "feed_back"
    assert round_.ended_at == dt.datetime(2026, 3, 2, 2)
    assert not round_.is_paused
    assert close.clock == ""


def test_rework_opens_the_same_round_again():
    dispatch = step(1, NINE, "dispatch", begun("handle", NINE, minutes(240)), department=3)
    feed_back = step(2, minutes(60), "feed_back", effect("pause", "handle", minutes(60), minutes(240)))
    fail = step(3, minutes(90), "check_fail", effect("resume", "handle", minutes(90), minutes(270)))
    (round_,) = lay_out([dispatch, feed_back, fail])
    assert round_.ended_at is None
    assert round_.due_at == dt.datetime(2026, 3, 2, 5, 30)


def test_another_department_is_another_round_and_the_first_dispatch_was_misdirected():
    first = step(1, NINE, "dispatch", begun("handle", NINE, minutes(240)), department=3)
    back = step(2, minutes(5), "grant_return", effect("pause", "handle", minutes(5), minutes(240)))
    second = step(3, minutes(9), "dispatch", begun("handle", minutes(9), minutes(249), 2, "restart"), department=4)
    one, two = lay_out([first, back, second])
    assert (one.department_id, two.department_id) == (3, 4)
    assert one.ended_by == "grant_return"
    assert first.is_misdirected and not second.is_misdirected
    assert back.holder_id == 3


def test_what_was_taken_back_left_no_round():
    report = step(1, NINE, "report", begun("accept", NINE, minutes(15)))
    accept = step(2, minutes(1), "accept", effect("stop", "accept", minutes(1), minutes(15)))
    undo = step(3, minutes(2), "undo", effect("restore", "accept", minutes(2), minutes(15)), undoes=2)
    (round_,) = lay_out([report, accept, undo])
    assert round_.ended_at is None
    assert [each.is_undone for each in (report, accept, undo)] == [False, True, True]
