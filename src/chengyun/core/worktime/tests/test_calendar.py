import datetime as dt
import json
import os
from pathlib import Path

import pytest

from chengyun.core.worktime import Calendar, Period, statutory_calendar
from chengyun.core.worktime.statutory import SHIPPED_YEARS, fixed_holidays, shipped_days

SHARED = Path(os.environ.get("CHENGYUN_SHARED", Path(__file__).parents[5] / ".." / "shared"))


@pytest.fixture
def notice():
    folder = SHARED / "data" / "calendar"
    if not folder.exists():
        pytest.skip("not run: the shared material (CHENGYUN_SHARED) is absent")
    return lambda year: json.loads((folder / f"holiday-cn_{year}.json").read_text(encoding="utf-8"))["days"]


def days_of(year):
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]


@pytest.mark.shared
@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_day_is_as_the_state_council_published_it(notice, year):
    published = {dt.date.fromisoformat(day["date"]): not day["isOffDay"] for day in notice(year)}
    expected = {day: published.get(day, day.weekday() < 5) for day in days_of(year)}
    assert {day: statutory_calendar().is_working(day) for day in days_of(year)} == expected


@pytest.mark.shared
@pytest.mark.parametrize("year", range(2020, 2027))
def test_provisional_holidays_were_all_days_off_when_published(notice, year):
    published = {dt.date.fromisoformat(day["date"]) for day in notice(year) if day["isOffDay"]}
    assert set(fixed_holidays(year)) <= published


@pytest.mark.parametrize("year", range(2008, 2027))
def test_the_computed_qingming_is_the_published_one(year):
    (computed,) = (day for day, name in fixed_holidays(year).items() if name == "清明节")
    assert any(day.date == computed and day.name == "清明节" and not day.is_working for day in shipped_days())


def test_a_provisional_year_knows_its_fixed_days_and_nothing_lunar():
    calendar = statutory_calendar()
    off = {day for day in days_of(2027) if day.weekday() < 5 and not calendar.is_working(day)}
    assert off == {dt.date(2027, 1, 1), dt.date(2027, 4, 5), dt.date(2027, 10, 1)}


def test_the_second_of_may_is_a_holiday_since_2025():
    assert dt.date(2024, 5, 2) not in fixed_holidays(2024)
    assert dt.date(2028, 5, 2) in fixed_holidays(2028)


def test_shipped_years_are_not_provisional():
    calendar = statutory_calendar()
    assert frozenset(range(2004, 2027)) == SHIPPED_YEARS
    assert [calendar.is_provisional(year) for year in (2003, 2004, 2026, 2027)] == [True, False, False, True]


def test_a_worked_weekend_is_named_after_its_holiday():
    calendar = statutory_calendar()
    assert calendar.name_of(dt.date(2026, 2, 14)) == "春节"
    assert calendar.name_of(dt.date(2027, 5, 1)) == "劳动节"
    assert calendar.name_of(dt.date(2026, 11, 23)) == ""


def test_calendars_with_the_same_content_are_equal_and_hash_alike():
    assert Calendar() == Calendar() and hash(Calendar()) == hash(Calendar())
    assert Calendar(version=1) != Calendar(version=2)


def test_a_season_may_wrap_the_year_end():
    winter = Period(dt.time(9), dt.time(12), first=(11, 1), last=(3, 15))
    assert [winter.holds_on(dt.date(2026, month, 1)) for month in (1, 3, 4, 10, 11, 12)] == [
        True, True, False, False, True, True,
    ]  # fmt: skip


def test_a_period_may_end_at_midnight():
    assert Period(dt.time(18), dt.time(0)).span == (18 * 3600 * 10**6, 24 * 3600 * 10**6)


@pytest.mark.parametrize(
    ("periods", "problem"),
    [
        ((Period(dt.time(12), dt.time(8)),), "ends before it begins"),
        ((Period(dt.time(8), dt.time(12)), Period(dt.time(11), dt.time(15))), "overlap on 01-01"),
        ((Period(dt.time(8), dt.time(12), first=(1, 1), last=(6, 30)),), "no working period on 07-01"),
        ((), "no working period"),
    ],
)
def test_impossible_periods_are_refused(periods, problem):
    with pytest.raises(ValueError, match=problem):
        Calendar(periods=periods)
