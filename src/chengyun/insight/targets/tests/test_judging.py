"""How a target stands, on made-up values."""

import datetime as dt

import pytest

from chengyun.core.worktime.calendar import statutory_calendar
from chengyun.insight.figures.periods import Period
from chengyun.insight.targets.judging import State, Wish, elapsed_share, judge

CALENDAR = statutory_calendar()
# March 2026 has 22 working days; 13 March is a Friday, the tenth of them.
MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
COUNT = Wish(220, at_least=True, tolerance=5, is_sum=True)
CEILING = Wish(44, at_least=False, tolerance=2, is_sum=True)
SHARE = Wish(98, at_least=True, tolerance=0.5)


def on(day, wish, value):
    return judge(wish, value, MARCH, dt.date(2026, 3, day) if day else dt.date(2026, 4, 1), CALENDAR)


def test_only_working_days_that_are_over_count():
    assert elapsed_share(MARCH, dt.date(2026, 3, 13), CALENDAR) == pytest.approx(9 / 22)
    assert elapsed_share(MARCH, dt.date(2026, 3, 16), CALENDAR) == pytest.approx(10 / 22)
    assert elapsed_share(MARCH, dt.date(2026, 3, 15), CALENDAR) == elapsed_share(MARCH, dt.date(2026, 3, 14), CALENDAR)
    assert [elapsed_share(MARCH, day, CALENDAR) for day in (MARCH.first, dt.date(2026, 4, 1))] == [0, 1]


def test_the_spring_festival_brings_no_count_forward():
    holiday = Period(dt.date(2026, 2, 16), dt.date(2026, 2, 22))
    assert not any(CALENDAR.is_working(holiday.first + dt.timedelta(days=n)) for n in range(7))
    february = Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    before, after = (elapsed_share(february, day, CALENDAR) for day in (holiday.first, dt.date(2026, 2, 23)))
    assert before == after
    # Of a period without working days its days count.
    assert elapsed_share(holiday, dt.date(2026, 2, 18), CALENDAR) == pytest.approx(2 / 7)


@pytest.mark.parametrize(
    ("value", "state", "deviation"),
    [(220, "reached", 130), (95, "on_way", 5), (90, "on_way", 0), (85, "close", -5), (84, "behind", -6)],
)
def test_a_count_is_compared_with_its_share_of_the_month(value, state, deviation):
    judged = on(13, COUNT, value)
    assert (judged.state, judged.due, judged.deviation) == (state, pytest.approx(90), pytest.approx(deviation))


@pytest.mark.parametrize(("value", "state"), [(20, "on_way"), (22, "close"), (23, "behind")])
def test_todays_share_of_a_ceiling_is_free_already(value, state):
    judged = on(13, CEILING, value)
    assert (judged.state, judged.due) == (state, pytest.approx(20))
    assert on(2, CEILING, 2).state == State.ON_WAY


@pytest.mark.parametrize(("value", "state"), [(98, "on_way"), (97.5, "close"), (97.4, "behind"), (None, "no_figure")])
def test_a_share_is_compared_with_the_target_itself(value, state):
    judged = on(3, SHARE, value)
    assert (judged.state, judged.due) == (state, None if value is None else 98)


def test_what_is_over_is_reached_or_not():
    assert [on(0, COUNT, value).state for value in (220, 219, 214)] == ["reached", "close", "behind"]
    assert [on(0, CEILING, value).state for value in (44, 46, 47)] == ["reached", "close", "behind"]
    assert [on(0, SHARE, value).state for value in (98.2, 97.9, 90)] == ["reached", "close", "behind"]


def test_what_has_not_begun_is_not_judged():
    april = Period(dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    judged = judge(COUNT, 0, april, dt.date(2026, 3, 13), CALENDAR)
    assert (judged.state, judged.lamp, judged.deviation) == (State.NOT_BEGUN, "grey", None)
