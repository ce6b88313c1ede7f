import datetime as dt

import pytest

from chengyun.core import configuration
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI
from chengyun.people.access import SYSTEM
from chengyun.people.models import DutyShift
from chengyun.people.queries import on_duty, roster
from chengyun.people.roles import Role
from chengyun.people.services.roster import cancel_shift, plan_shift
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3)


@pytest.fixture
def chief():
    return appoint(person("刘值班"), department("centre", "centre"), Role.DUTY_CHIEF)


def plan(chief, day=MONDAY, name="night", **fields):
    return plan_shift(by=SYSTEM, day=day, name=name, user=chief.user, post=chief.post, **fields)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), SHANGHAI)


def test_a_night_shift_runs_into_the_next_day(chief):
    shift = plan(chief)
    assert list(on_duty(at(TUESDAY, 3))) == [shift]
    assert list(on_duty(at(MONDAY, 3))) == []


def test_a_shift_ends_at_its_last_minute(chief):
    shift = plan(chief, hours="08:00-16:00")
    assert list(on_duty(at(MONDAY, 8))) == [shift]
    assert list(on_duty(at(MONDAY, 16))) == []


def test_a_cancelled_shift_stays_in_the_roster_but_not_on_duty(chief):
    shift = cancel_shift(plan(chief, hours="08:00-16:00"), by=SYSTEM)
    assert list(on_duty(at(MONDAY, 9))) == []
    assert list(roster(MONDAY, MONDAY)) == [shift]


def test_a_cancelled_turn_can_be_planned_again(chief):
    cancel_shift(plan(chief), by=SYSTEM)
    plan(chief)
    assert DutyShift.objects.filter(is_cancelled=False).count() == 1


def test_nobody_has_two_turns_at_a_time(chief):
    plan(chief, name="early", hours="08:00-16:00")
    with pytest.raises(UserError, match="已有值班"):
        plan(chief, name="middle", hours="15:00-23:00")


def test_who_does_not_hold_the_post_is_not_on_duty_in_it(chief):
    with pytest.raises(UserError) as error:
        plan_shift(by=SYSTEM, day=MONDAY, name="early", user=person("路人"), post=chief.post)
    assert error.value.field == "user"


def test_an_unknown_shift_is_refused(chief):
    with pytest.raises(UserError):
        plan(chief, name="noon")


def test_the_county_sets_the_hours(chief):
    hours = {"early": "06:00-14:00", "middle": "14:00-22:00", "night": "22:00-06:00"}
    configuration.change("people.shift_hours", hours, by=SYSTEM)
    assert plan(chief, name="early").starts_at == at(MONDAY, 6)


@pytest.mark.parametrize("hours", [{"early": "08:00-16:00"}, {"early": "x", "middle": "y", "night": "z"}, "8"])
def test_impossible_hours_are_refused(hours):
    with pytest.raises(UserError):
        configuration.change("people.shift_hours", hours, by=SYSTEM)


def test_merged_roles_are_a_county_setting(chief):
    from chengyun.people.access import actor_for

    configuration.change("people.merged_roles", [["receiver", "duty_chief"]], by=SYSTEM)
    assert actor_for(chief.user, MONDAY).has(Role.RECEIVER)


@pytest.mark.parametrize("groups", [["receiver"], [["receiver"]], [["receiver", "system_admin"]], "receiver"])
def test_only_business_roles_can_be_merged(groups):
    with pytest.raises(UserError):
        configuration.change("people.merged_roles", groups, by=SYSTEM)
