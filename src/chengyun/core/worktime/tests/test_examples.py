"""Deadlines worked out by hand on the published calendars; all times are civil (Asia/Shanghai)."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from chengyun.core.worktime import (
    Calendar,
    Day,
    Period,
    Unit,
    due,
    next_counted_instant,
    reached,
    remaining,
    statutory_calendar,
    subtract,
    used,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR, DAY = Unit.WORKING_HOUR, Unit.WORKING_DAY
URGENT_HOUR, URGENT_DAY, STATUTORY = Unit.URGENT_HOUR, Unit.URGENT_DAY, Unit.STATUTORY_DAY
CALENDAR = statutory_calendar()
SUMMER = Calendar(
    periods=(
        Period(dt.time(8), dt.time(12)),
        Period(dt.time(14), dt.time(18), first=(10, 1), last=(5, 31)),
        Period(dt.time(14, 30), dt.time(18, 30), first=(6, 1), last=(9, 30)),
    ),
    days=CALENDAR.days,
    published_years=CALENDAR.published_years,
)


def civil(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def shown(moment):
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        # within one day; the lunch break; the night; before and after hours
        ("2026-11-23 08:00", 4, HOUR, "2026-11-23 12:00"),
        ("2026-11-23 09:00", 4, HOUR, "2026-11-23 15:00"),
        ("2026-11-23 12:30", 1, HOUR, "2026-11-23 15:00"),
        ("2026-11-23 16:00", 4, HOUR, "2026-11-24 10:00"),
        ("2026-11-23 05:00", 2, HOUR, "2026-11-23 10:00"),
        ("2026-11-23 21:00", 2, HOUR, "2026-11-24 10:00"),
        ("2026-11-23 18:00", 1, HOUR, "2026-11-24 09:00"),
        ("2026-11-23 10:00", 1, DAY, "2026-11-24 10:00"),
        ("2026-11-23 08:00", 1, DAY, "2026-11-23 18:00"),
        # a weekend
        ("2026-11-20 16:00", 4, HOUR, "2026-11-23 10:00"),
        ("2026-11-21 10:00", 1, DAY, "2026-11-23 18:00"),
        ("2026-11-20 10:00", 5, DAY, "2026-11-27 10:00"),
        # 春节 2026: Sat 14 Feb is worked, 15–23 Feb off, Sat 28 Feb is worked
        ("2026-02-13 16:00", 4, HOUR, "2026-02-14 10:00"),
        ("2026-02-14 16:00", 4, HOUR, "2026-02-24 10:00"),
        ("2026-02-13 10:00", 2, DAY, "2026-02-24 10:00"),
        ("2026-02-27 10:00", 1, DAY, "2026-02-28 10:00"),
        ("2026-02-27 10:00", 2, DAY, "2026-03-02 10:00"),
        ("2026-02-13 10:00", 7, DAY, "2026-03-02 10:00"),
        # 国庆 2026: Sun 20 Sep worked; 25–27 Sep and 1–7 Oct off; Sat 10 Oct worked
        ("2026-09-19 09:00", 1, DAY, "2026-09-20 18:00"),
        ("2026-09-30 17:00", 2, HOUR, "2026-10-08 09:00"),
        ("2026-09-24 10:00", 5, DAY, "2026-10-09 10:00"),
        ("2026-10-09 10:00", 1, DAY, "2026-10-10 10:00"),
        ("2026-10-09 10:00", 2, DAY, "2026-10-12 10:00"),
        # 国庆和中秋 2025: Sun 28 Sep worked, 1–8 Oct off, Sat 11 Oct worked
        ("2025-09-27 12:00", 4, HOUR, "2025-09-28 12:00"),
        ("2025-09-30 10:00", 3, DAY, "2025-10-11 10:00"),
        # year end 2025: 1–3 Jan 2026 off, Sunday 4 Jan worked
        ("2025-12-31 16:00", 4, HOUR, "2026-01-04 10:00"),
        # continuous units look at no calendar
        ("2026-09-30 17:00", 2, URGENT_HOUR, "2026-09-30 19:00"),
        ("2026-09-30 17:00", 2, URGENT_DAY, "2026-10-02 17:00"),
        ("2026-12-31 23:50", Decimal("0.25"), URGENT_HOUR, "2027-01-01 00:05"),
        # 法定工作日: the day of receipt is excluded, the last day ends at 24:00
        ("2026-11-23 08:30", 5, STATUTORY, "2026-12-01 00:00"),
        ("2026-11-23 23:59", 5, STATUTORY, "2026-12-01 00:00"),
        ("2026-11-21 10:00", 1, STATUTORY, "2026-11-24 00:00"),
        ("2026-09-30 10:00", 2, STATUTORY, "2026-10-10 00:00"),
        ("2026-09-30 10:00", 3, STATUTORY, "2026-10-11 00:00"),
        ("2026-02-13 10:00", 1, STATUTORY, "2026-02-15 00:00"),
        # minutes as fractions of an hour
        ("2026-11-23 11:50", Decimal("0.25"), HOUR, "2026-11-23 14:05"),
        ("2026-11-23 09:00", Decimal("0.333333"), URGENT_HOUR, "2026-11-23 09:20"),
    ],
)
def test_a_deadline_on_the_published_calendar(start, amount, unit, expected):
    assert shown(due(CALENDAR, civil(start), amount, unit).at) == expected


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-05-29 17:00", 2, HOUR, "2026-06-01 09:00"),
        ("2026-06-01 11:00", 2, HOUR, "2026-06-01 15:30"),
        ("2026-06-01 14:10", 4, HOUR, "2026-06-01 18:30"),
        ("2026-09-30 18:10", 1, HOUR, "2026-10-08 08:40"),
        ("2026-05-29 15:00", 1, DAY, "2026-06-01 15:30"),
    ],
)
def test_a_deadline_across_the_change_of_season(start, amount, unit, expected):
    assert shown(due(SUMMER, civil(start), amount, unit).at) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 12:00", "2026-11-23 14:00"),
        ("2026-11-23 18:00", "2026-11-24 08:00"),
        ("2026-10-01 09:00", "2026-10-08 08:00"),
    ],
)
def test_counting_begins_at_the_next_working_instant(start, expected):
    assert shown(next_counted_instant(CALENDAR, civil(start), HOUR)) == expected


def test_nothing_added_is_the_next_working_instant():
    assert shown(due(CALENDAR, civil("2026-11-23 20:00"), 0, HOUR).at) == "2026-11-24 08:00"


SEVEN_HOURS = Calendar(
    periods=(Period(dt.time(8, 30), dt.time(12)), Period(dt.time(14), dt.time(17, 30))),
    days=CALENDAR.days,
    published_years=CALENDAR.published_years,
    day_rule="nth_day",
)


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 10:00"),
        ("2026-11-23 08:30", 1, "2026-11-24 08:30"),
        ("2026-11-23 20:00", 1, "2026-11-25 08:30"),
        ("2026-11-27 14:00", 2, "2026-12-01 14:00"),
        ("2026-09-30 16:00", 3, "2026-10-10 16:00"),
        ("2026-11-23 08:30", Decimal("0.5"), "2026-11-23 14:00"),
    ],
)
def test_the_nth_day_rule_keeps_the_time_of_day(start, amount, expected):
    assert shown(due(SEVEN_HOURS, civil(start), amount, DAY).at) == expected


def test_eight_hours_take_longer_than_a_seven_hour_day():
    eight = Calendar(SEVEN_HOURS.periods, SEVEN_HOURS.days, SEVEN_HOURS.published_years)
    assert shown(due(eight, civil("2026-11-23 10:00"), 1, DAY).at) == "2026-11-24 11:00"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected", "provisional"),
    [
        ("2026-12-31 10:00", 4, HOUR, "2026-12-31 16:00", False),
        ("2026-12-31 10:00", 1, STATUTORY, "2027-01-05 00:00", True),
        ("2026-12-30 10:00", 1, STATUTORY, "2027-01-01 00:00", False),  # 24:00 of 31 December
        ("2026-12-31 16:00", 4, HOUR, "2027-01-04 10:00", True),  # Fri 1 Jan is 元旦, then a weekend
        ("2026-12-31 23:00", 2, URGENT_HOUR, "2027-01-01 01:00", False),
        ("2027-04-02 10:00", 1, DAY, "2027-04-06 10:00", True),  # Mon 5 Apr 2027 is 清明
        ("2027-04-30 10:00", 1, DAY, "2027-05-03 10:00", True),  # 1 and 2 May fall on a weekend
        ("2027-09-30 17:00", 2, HOUR, "2027-10-04 09:00", True),
    ],
)
def test_a_year_without_a_notice_is_served_provisionally(start, amount, unit, expected, provisional):
    result = due(CALENDAR, civil(start), amount, unit)
    assert (shown(result.at), result.provisional) == (expected, provisional)


def test_a_day_that_the_county_states_wins_over_the_provisional_year():
    calendar = Calendar(days=(Day(dt.date(2027, 10, 1), True, "抢险"),))
    assert calendar.is_working(dt.date(2027, 10, 1))


def test_what_was_used_and_what_remains_add_up_to_the_limit():
    start, now = civil("2026-11-23 16:00"), civil("2026-11-24 09:30")
    end = due(CALENDAR, start, 4, HOUR).at
    assert used(CALENDAR, start, now, HOUR) == Decimal("3.5")
    assert remaining(CALENDAR, now, end, HOUR) == Decimal("0.5")


def test_remaining_is_negative_when_overdue():
    assert remaining(CALENDAR, civil("2026-11-24 11:00"), civil("2026-11-23 17:00"), HOUR) == Decimal(-4)


def test_a_statutory_day_is_used_from_the_midnight_after_receipt():
    received = civil("2026-11-23 10:00")
    assert used(CALENDAR, received, civil("2026-11-23 20:00"), STATUTORY) == 0
    assert used(CALENDAR, received, civil("2026-11-24 12:00"), STATUTORY) == Decimal("0.5")


def test_four_fifths_of_a_limit_may_fall_inside_a_statutory_day():
    four_fifths = reached(CALENDAR, civil("2026-11-23 10:00"), Decimal("1.6"), STATUTORY)
    assert shown(four_fifths.at) == "2026-11-25 14:24"


def test_subtracting_gives_the_start_back():
    assert shown(subtract(CALENDAR, civil("2026-10-08 09:00"), 2, HOUR)) == "2026-09-30 17:00"


def test_four_hundred_working_days_are_counted_over_the_provisional_border():
    assert due(CALENDAR, civil("2026-11-23 10:00"), 400, DAY).provisional


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        due(CALENDAR, dt.datetime(2026, 11, 23, 10), 1, HOUR)


def test_a_negative_limit_is_refused():
    with pytest.raises(ValueError, match="negative"):
        due(CALENDAR, civil("2026-11-23 10:00"), -1, HOUR)


def test_time_before_the_first_counted_day_is_refused():
    with pytest.raises(ValueError, match="2000-01-01"):
        due(CALENDAR, civil("1999-12-31 10:00"), 1, HOUR)


def test_a_limit_of_centuries_is_refused():
    with pytest.raises(ValueError, match="2199"):
        due(CALENDAR, civil("2026-11-23 10:00"), 99999, DAY)
