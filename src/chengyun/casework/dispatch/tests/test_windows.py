from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from chengyun.casework.dispatch.windows import Window
from chengyun.core.instants import SHANGHAI

FRIDAY = dt.date(2026, 11, 20)
moments = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(SHANGHAI))
times = st.times().map(lambda time: time.replace(microsecond=0))
weekdays = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days)))


def at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), SHANGHAI)


def test_a_day_window_ends_before_its_end() -> None:
    window = Window(dt.time(8), dt.time(18))
    assert window.contains(at(FRIDAY, 8))
    assert not window.contains(at(FRIDAY, 18))


def test_the_hours_after_midnight_belong_to_the_evening_before() -> None:
    friday_night = Window(dt.time(22), dt.time(6), "5")
    assert friday_night.contains(at(FRIDAY + dt.timedelta(days=1), 3))
    assert not friday_night.contains(at(FRIDAY, 3))


def test_it_is_read_in_shanghai_time() -> None:
    assert Window(dt.time(8), dt.time(9)).contains(dt.datetime(2026, 11, 20, 0, 30, tzinfo=dt.UTC))


def test_it_says_itself() -> None:
    assert str(Window(dt.time(22), dt.time(6), "56")) == "周五六 22:00—06:00"


@given(moments)
def test_no_window_means_always(moment: dt.datetime) -> None:
    assert Window().contains(moment)


@given(moments, times, times)
def test_a_window_and_its_complement_split_the_time(moment: dt.datetime, start: dt.time, end: dt.time) -> None:
    if start != end:
        assert Window(start, end).contains(moment) != Window(end, start).contains(moment)


@given(moments, times, times, weekdays)
def test_weekdays_only_narrow_a_window(moment: dt.datetime, start: dt.time, end: dt.time, days: str) -> None:
    assert Window(start, end).contains(moment) or not Window(start, end, days).contains(moment)
