"""One event's time moved in a copy: the figures that tell of it change, by exactly that much, and no other does."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.cases.models import Case, Report, Step
from chengyun.core import instants
from chengyun.insight.facts import feed
from chengyun.insight.facts.session import forget, session
from chengyun.insight.figures.indicator import indicators
from chengyun.insight.figures.measuring import Question
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.together import Asked, measure_together
from tests.insight.conftest import NOW
from tests.insight.recomputed import forget_rows, histories, recomputed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year")]

EVER = Period(dt.date(2025, 1, 1), dt.date(2026, 12, 31))
LATER = dt.timedelta(days=62)  # never the same month


@pytest.fixture
def copy(settings, tmp_path):
    """What is moved is undone with the test; its fact files are its own."""
    settings.DATA_DIR = tmp_path
    forget_rows()
    with instants.at(NOW):
        yield
    forget()
    forget_rows()


def by_month():
    """(indicator, month) → (numerator, denominator), of files made anew."""
    forget()
    feed.rebuild()
    found = measure_together(session(), [Asked(each, Question(EVER), ("month",)) for each in indicators()])
    return {
        # Hours are added up in another order each time.
        (figure.indicator.key, month): (round(value.numerator, 6), value.denominator)
        for figure in found
        for (month,), value in figure.groups.items()
    }


def plain_case(*verbs):
    """A case of last spring that went its way once, with each of the verbs in its history just once."""
    for case in Case.objects.filter(stage="closed", closed_at__lt=NOW - 3 * LATER).order_by("pk"):
        told = [step.verb for step in histories()[case.pk]]
        if len(told) == len(set(told)) and set(verbs) <= set(told):
            return case
    raise AssertionError("the demo year has no such case")


def move_step(verb, *columns):
    """Moves the step and the moments of the case that it set; gives the instant at which it was."""
    case = plain_case(verb)
    step = Step.objects.get(case=case, verb=verb)
    at = (step.at + LATER).isoformat().replace("+00:00", "Z")
    effects = [{**effect, "at": at} for effect in step.clock_effects]
    Step.objects.filter(pk=step.pk).update(at=step.at + LATER, clock_effects=effects)
    Case.objects.filter(pk=case.pk).update(**{column: getattr(case, column) + LATER for column in columns})
    return step.at


def move_report():
    report = Report.objects.filter(source="collector", case__stage="closed").order_by("pk")[0]
    Report.objects.filter(pk=report.pk).update(received_at=report.received_at + LATER)
    return report.received_at


# What is moved; the figures that tell of it. Lateness is no figure of the moved time: the steps recorded it.
MOVES = {
    "report": (move_report, {"reported", "open_rate", "valid_report_rate"}),
    "acceptance": (lambda: move_step("accept", "accepted_at"), {"accepted", "acceptances", "on_time_accept_rate"}),
    "feedback": (lambda: move_step("feed_back", "fed_back_at"), {"handled", "mean_handling_hours"}),
    "closing": (lambda: move_step("close", "closed_at", "ended_at"), {"closed", "on_time_close_rate"}),
}


def month_of(moment):
    first = moment.astimezone(instants.SHANGHAI).date().replace(day=1)
    return Period(first, (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1))


@pytest.mark.parametrize("moved", MOVES)
def test_exactly_the_figures_that_tell_of_it_change(copy, moved):
    before = by_month()
    move, keys = MOVES[moved]
    was = move()
    forget_rows()
    after = by_month()
    changed = {each for each in {*before, *after} if before.get(each) != after.get(each)}
    assert {key for key, _month in changed} == keys
    for month in (month_of(was), month_of(was + LATER)):
        for key in keys:
            told = after.get((key, month.first.strftime("%Y-%m")), (0, 0))
            wanted = recomputed(key, month)
            assert told == (pytest.approx(wanted[0], abs=1e-6), wanted[1]), (key, month)
    assert {month for _key, month in changed} <= {
        month_of(moment).first.strftime("%Y-%m") for moment in (was, was + LATER, was - LATER)
    }
