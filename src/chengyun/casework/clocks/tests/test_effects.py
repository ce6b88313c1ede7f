import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from chengyun.casework.clocks import as_json, effects
from chengyun.casework.clocks.effects import ClockError, Limit, lamp, left, overdue_by
from chengyun.core.worktime import Calendar, Day, Unit, statutory_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = statutory_calendar(version=1)
FOUR_HOURS = Limit(Decimal(4), Unit.WORKING_HOUR, "A", 3)
QUARTER = Limit(Decimal("0.25"), Unit.URGENT_HOUR)


def civil(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def monday(time):
    return civil(f"2026-11-23 {time}")


def shown(moment):
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def handle(at="09:00", limit=FOUR_HOURS):
    return effects.start("handle", monday(at), limit, CALENDAR)


def test_a_started_clock_knows_its_deadline_and_when_it_turns_yellow():
    clock = handle()
    assert (shown(clock.due_at), shown(clock.yellow_at)) == ("11-23 15:00", "11-23 14:12")


def test_acceptance_is_fifteen_continuous_minutes():
    clock = effects.start("accept", monday("23:50"), QUARTER, CALENDAR)
    assert (shown(clock.due_at), shown(clock.yellow_at)) == ("11-24 00:05", "11-24 00:02")


def test_acceptance_stands_still_while_the_verification_is_out():
    clock = effects.start("accept", monday("09:00"), QUARTER, CALENDAR)
    waiting = effects.pause(clock, monday("09:10"), CALENDAR)
    back = effects.resume(waiting, monday("10:00"), CALENDAR)
    assert shown(back.due_at) == "11-23 10:05"
    assert not waiting.overdue(monday("09:59"))


def test_dispatch_begins_anew_when_a_department_returns_the_case():
    first = effects.stop(effects.start("dispatch", monday("09:00"), QUARTER, CALENDAR), monday("09:14"), CALENDAR)
    again = effects.restart(first, monday("11:00"), QUARTER, CALENDAR)
    assert (again.round, shown(again.due_at), again.used_before) == (2, "11-23 11:15", 0)


def test_rework_continues_the_same_clock():
    fed_back = effects.pause(handle(), monday("11:00"), CALENDAR)
    rework = effects.resume(fed_back, monday("16:00"), CALENDAR)
    assert rework.round == 1
    assert shown(rework.due_at) == "11-23 18:00"


def test_another_department_gets_the_whole_limit():
    returned = effects.pause(handle(), monday("11:00"), CALENDAR)
    other = effects.restart(returned, monday("14:00"), FOUR_HOURS, CALENDAR)
    assert shown(other.due_at) == "11-23 18:00"


def test_a_suspension_shifts_the_deadline():
    suspended = effects.pause(handle(), monday("11:00"), CALENDAR)
    resumed = effects.resume(suspended, civil("2026-12-07 08:00"), CALENDAR)
    assert shown(resumed.due_at) == "12-07 10:00"


def test_the_night_in_a_pause_changes_nothing():
    evening = effects.pause(handle("16:00"), monday("19:00"), CALENDAR)
    morning = effects.resume(evening, civil("2026-11-24 07:00"), CALENDAR)
    assert morning.due_at == handle("16:00").due_at


def test_an_extension_adds_the_original_limit_each_time():
    once = effects.extend(handle(), monday("10:00"), CALENDAR)
    twice = effects.extend(once, monday("11:00"), CALENDAR)
    assert [shown(clock.due_at) for clock in (once, twice)] == ["11-24 09:00", "11-24 15:00"]
    assert (twice.extensions, twice.allowed) == (2, 12)


def test_an_extension_moves_the_yellow_lamp_along():
    assert shown(effects.extend(handle(), monday("10:00"), CALENDAR).yellow_at) == "11-23 17:24"


def test_a_paused_clock_may_be_extended():
    paused = effects.pause(handle(), monday("11:00"), CALENDAR)
    assert shown(effects.extend(paused, monday("12:00"), CALENDAR).due_at) == "11-24 09:00"


@pytest.mark.parametrize(
    ("time", "expected"),
    [("09:00", "green"), ("14:11", "green"), ("14:12", "yellow"), ("15:00", "yellow"), ("15:01", "red")],
)
def test_the_lamp_turns_at_eighty_and_at_a_hundred_percent(time, expected):
    assert lamp(handle(), monday(time)) == expected


def test_the_yellow_share_is_the_one_the_clock_started_with():
    clock = effects.start("handle", monday("09:00"), FOUR_HOURS, CALENDAR, Decimal("0.5"))
    assert shown(effects.extend(clock, monday("09:00"), CALENDAR).yellow_at) == "11-23 15:00"


def test_a_paused_clock_is_grey_and_stays_in_time():
    paused = effects.pause(handle(), monday("11:00"), CALENDAR)
    assert lamp(paused, monday("17:00")) == "grey"


def test_a_missed_deadline_stays_red_through_a_pause():
    paused = effects.pause(handle(), monday("16:00"), CALENDAR)
    assert (lamp(paused, monday("17:00")), paused.is_overdue) == ("red", True)
    resumed = effects.resume(paused, civil("2026-11-25 09:00"), CALENDAR)
    assert shown(resumed.due_at) == "11-23 15:00"


def test_a_stopped_clock_keeps_the_lamp_of_its_end():
    stopped = effects.stop(handle(), monday("14:30"), CALENDAR)
    assert lamp(stopped, civil("2026-12-30 09:00")) == "yellow"


def test_an_exempt_clock_is_grey_and_the_raw_fact_stays():
    late = effects.stop(handle(), monday("16:00"), CALENDAR)
    exempt = effects.exempt(late, civil("2026-12-01 09:00"))
    assert lamp(exempt, civil("2026-12-02 09:00")) == "grey"
    assert exempt.is_overdue and exempt.overdue(civil("2026-12-02 09:00"))


def test_overdue_is_counted_from_the_deadline_to_the_stop():
    late = effects.stop(handle(), monday("16:30"), CALENDAR)
    assert overdue_by(late, civil("2026-12-02 09:00")) == dt.timedelta(hours=1, minutes=30)
    assert overdue_by(handle(), monday("14:00")) == dt.timedelta(0)


def test_a_paused_clock_stops_where_it_stood():
    paused = effects.pause(handle(), monday("14:30"), CALENDAR)
    assert effects.stop(paused, civil("2026-11-25 09:00"), CALENDAR).stopped_at == monday("14:30")


def test_what_is_left_counts_down_and_below_zero():
    clock = handle()
    assert left(clock, monday("14:30"), CALENDAR) == Decimal("0.5")
    assert left(clock, monday("16:00"), CALENDAR) == -1
    assert left(effects.pause(clock, monday("11:00"), CALENDAR), monday("17:00"), CALENDAR) == 2


def test_a_published_year_resolves_a_provisional_deadline():
    clock = effects.start("handle", civil("2026-12-31 16:00"), FOUR_HOURS, CALENDAR)
    assert (shown(clock.due_at), clock.provisional) == ("01-04 10:00", True)
    worked_sunday = (*CALENDAR.days, Day(dt.date(2027, 1, 1), False), Day(dt.date(2027, 1, 3), True))
    published = Calendar(days=worked_sunday, published_years=CALENDAR.published_years | {2027}, version=2)
    settled = effects.recalculate(clock, civil("2026-12-31 17:00"), published)
    assert (shown(settled.due_at), settled.provisional, settled.calendar_version) == ("01-03 10:00", False, 2)


def test_recalculating_counts_earlier_runs_anew():
    clock = effects.start("handle", civil("2027-01-04 16:00"), FOUR_HOURS, CALENDAR)
    paused = effects.pause(clock, civil("2027-01-04 18:00"), CALENDAR)
    resumed = effects.resume(paused, civil("2027-01-05 08:00"), CALENDAR)
    off = (*CALENDAR.days, Day(dt.date(2027, 1, 4), False))
    published = Calendar(days=off, published_years=CALENDAR.published_years | {2027}, version=2)
    assert shown(resumed.due_at) == "01-05 10:00"
    assert shown(effects.recalculate(resumed, civil("2027-01-05 08:00"), published).due_at) == "01-05 12:00"


def test_a_statutory_limit_ends_with_the_day():
    five = Limit(Decimal(5), Unit.STATUTORY_DAY)
    clock = effects.start("handle", monday("09:00"), five, CALENDAR)
    assert (shown(clock.due_at), shown(clock.yellow_at)) == ("12-01 00:00", "11-28 00:00")


def test_twenty_minutes_are_exact():
    limit = Limit(Decimal(20) / 60, Unit.URGENT_HOUR)
    assert limit.amount == Decimal("0.333333")
    assert shown(effects.start("check", monday("09:00"), limit, CALENDAR).due_at) == "11-23 09:20"


PAUSED = effects.pause(handle(), monday("10:00"), CALENDAR)
STOPPED = effects.stop(handle(), monday("10:00"), CALENDAR)


@pytest.mark.parametrize(
    ("operation", "clock"),
    [
        (effects.pause, PAUSED),
        (effects.pause, STOPPED),
        (effects.resume, handle()),
        (effects.resume, STOPPED),
        (effects.extend, STOPPED),
        (effects.stop, STOPPED),
    ],
)
def test_an_operation_that_the_state_does_not_allow_is_refused(operation, clock):
    with pytest.raises(ClockError):
        operation(clock, monday("11:00"), CALENDAR)


def test_a_history_row_says_all_that_replaying_needs():
    assert as_json.effect_to_json("start", handle(), monday("09:00")) == {
        "clock": "handle",
        "effect": "start",
        "at": "2026-11-23T01:00:00Z",
        "round": 1,
        "calendar_version": 1,
        "due": "2026-11-23T07:00:00Z",
        "provisional": False,
        "limit": "4",
        "unit": "working_hour",
        "area_class": "A",
        "condition_version": 3,
        "yellow_share": "0.8",
    }


def test_runs_survive_their_stored_form():
    runs = effects.resume(PAUSED, monday("11:00"), CALENDAR).runs
    assert as_json.runs_from_json(as_json.runs_to_json(runs)) == runs
