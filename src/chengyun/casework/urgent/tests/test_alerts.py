"""An urgent case rings until somebody knows, by name; who does not answer is followed by the next of the phone list."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.urgent import services
from chengyun.casework.urgent.handlers import follow
from chengyun.casework.urgent.ladder import Rung, phone_list
from chengyun.casework.urgent.models import Alert, Call
from chengyun.casework.urgent.queries import ringing
from chengyun.core import configuration, history, instants
from chengyun.core.errors import Conflict, NotAllowed, UserError
from chengyun.core.models import Event
from chengyun.people.access import SYSTEM
from chengyun.people.models import Appointment, Post
from chengyun.people.services.roster import place_in_phone_list, plan_shift

PHONE = "13800001234"


def heard():
    """Let the handler read everything that has happened, as the worker does."""
    follow(list(Event.objects.filter(kind__in=("report.received", "case.step")).order_by("id")))


def alert_of(case) -> Alert:
    return Alert.objects.get(case=case, stands=True)


def urgent(county) -> Alert:
    case = county.report(is_urgent=True)
    heard()
    return alert_of(case)


def minutes(number: float) -> dt.datetime:
    return MONDAY + dt.timedelta(minutes=number)


def on_shift(county, name: str, *, phone: str = PHONE, **fields):
    post = Post.objects.get(code=name)
    return plan_shift(
        by=SYSTEM, day=MONDAY.date(), name="early", user=county.users[name], post=post, phone=phone, **fields
    )


def called() -> list[str]:
    return [call.name for call in Call.objects.order_by("number")]


def verbs(alert: Alert) -> list[str]:
    return [row.verb.removeprefix("urgent.") for row in reversed(history.records(alert.chain))]


def test_an_urgent_report_rings_and_another_does_not(county):
    county.report()
    alert = urgent(county)
    assert ringing(county.actor("receiver")) == [alert]
    assert Alert.objects.count() == 1


def test_running_the_handler_again_changes_nothing(county):
    alert = urgent(county)
    services.acknowledge(alert.pk, by=county.actor("receiver"))
    heard()
    assert Alert.objects.count() == 1


def test_a_case_marked_urgent_later_rings_then(county):
    case = county.report()
    county.step(case, "correct", "receiver", reason="有人受伤", is_urgent=True)
    heard()
    assert ringing(county.actor("dispatcher")) == [alert_of(case)]


def test_correcting_the_title_does_not_ring_again(county):
    alert = urgent(county)
    services.acknowledge(alert.pk, by=county.actor("receiver"))
    county.step(alert.case, "correct", "receiver", reason="错字", title="凤凰街塌陷", is_urgent=True)
    heard()
    assert ringing(county.actor("receiver")) == []


def test_what_is_no_longer_urgent_is_lifted_and_may_ring_anew(county):
    alert = urgent(county)
    county.step(alert.case, "correct", "receiver", reason="误报", is_urgent=False)
    heard()
    assert ringing(county.actor("receiver")) == []
    assert verbs(alert) == ["raised", "lifted"]
    county.step(alert.case, "correct", "receiver", reason="复报", is_urgent=True)
    follow([Event.objects.filter(kind="case.step").latest("id")])
    assert ringing(county.actor("receiver")) != []


def test_an_ended_case_stops_ringing(county):
    alert = urgent(county)
    county.step(alert.case, "refuse", "receiver", reason="重复")
    heard()
    assert ringing(county.actor("receiver")) == []


@pytest.mark.parametrize(("name", "hears"), [
    ("receiver", True), ("chief", True), ("dispatcher", True), ("leader", False), ("supervisor", False),
    ("handler", False), ("collector", False), ("admin", False),
])  # fmt: skip
def test_the_desks_of_the_set_roles_hear_it(county, name, hears):
    alert = urgent(county)
    assert bool(ringing(county.actor(name))) is hears
    if not hears:
        with pytest.raises(NotAllowed, match="受理员"):
            services.acknowledge(alert.pk, by=county.actor(name))


def test_the_county_may_let_its_leaders_hear_it(county):
    urgent(county)
    configuration.change("urgent.roles", ["leader"], by=SYSTEM)
    assert ringing(county.actor("leader")) != []
    assert ringing(county.actor("receiver")) == []


def test_of_two_who_acknowledge_the_first_counts_and_the_second_is_told_who(county):
    alert = urgent(county)
    services.acknowledge(alert.pk, by=county.actor("chief"))
    with pytest.raises(Conflict, match="chief 已在 09:00:00 知悉"):
        services.acknowledge(alert.pk, by=county.actor("receiver"))
    assert verbs(alert) == ["raised", "acknowledged"]


def test_nobody_is_called_before_time(county):
    on_shift(county, "receiver")
    urgent(county)
    with instants.at(minutes(2.9)):
        assert services.escalate_due() == 0


def test_one_after_the_other_is_called_down_the_list(county):
    for name in ("leader", "chief", "receiver"):
        on_shift(county, name)
    alert = urgent(county)
    for round_ in (3, 6, 9):
        with instants.at(minutes(round_)):
            assert services.escalate_due() == 1
            assert services.escalate_due() == 0
    assert called() == ["receiver", "chief", "leader"]
    with instants.at(minutes(12)):
        assert services.escalate_due() == 0
    with instants.at(minutes(500)):
        assert services.escalate_due() == 0
    assert verbs(alert) == ["raised", "escalated", "escalated", "escalated", "all_called"]
    assert ringing(county.actor("receiver")) == [alert]


def test_a_clock_that_jumps_ahead_calls_one_person_only(county):
    on_shift(county, "receiver")
    on_shift(county, "chief")
    urgent(county)
    with instants.at(minutes(300)):
        assert services.escalate_due() == 1
        assert services.escalate_due() == 0
    assert called() == ["receiver"]


def test_a_clock_set_back_does_not_put_the_call_off(county):
    on_shift(county, "receiver")
    urgent(county)
    with instants.at(minutes(-300)):
        assert services.escalate_due() == 0
    with instants.at(minutes(-297)):
        assert services.escalate_due() == 1


def test_history_never_holds_a_telephone_number(county):
    on_shift(county, "receiver")
    alert = urgent(county)
    with instants.at(minutes(3)):
        services.escalate_due()
    assert Call.objects.get().phone == PHONE
    assert PHONE not in str([row.data for row in history.records(alert.chain)])


def test_who_does_not_answer_is_followed_at_once(county):
    on_shift(county, "receiver")
    on_shift(county, "chief")
    urgent(county)
    with instants.at(minutes(3)):
        services.escalate_due()
        services.tell_call(Call.objects.get().pk, "missed", by=county.actor("dispatcher"))
    assert called() == ["receiver", "chief"]


def test_who_answers_is_given_as_long_again(county):
    on_shift(county, "receiver")
    on_shift(county, "chief")
    urgent(county)
    with instants.at(minutes(3)):
        services.escalate_due()
    with instants.at(minutes(5)):
        services.tell_call(Call.objects.get().pk, "connected", by=county.actor("dispatcher"))
    with instants.at(minutes(7)):
        assert services.escalate_due() == 0
    with instants.at(minutes(8)):
        assert services.escalate_due() == 1


def test_a_call_is_told_once(county):
    on_shift(county, "receiver")
    urgent(county)
    with instants.at(minutes(3)):
        services.escalate_due()
    call = Call.objects.get()
    services.tell_call(call.pk, "connected", by=county.actor("dispatcher"))
    with pytest.raises(Conflict, match="dispatcher 已记录这次呼叫：已接通"):
        services.tell_call(call.pk, "missed", by=county.actor("chief"))


def test_the_roster_may_name_another_order(county):
    on_shift(county, "receiver")
    place_in_phone_list(on_shift(county, "leader"), 1, by=SYSTEM)
    alert = urgent(county)
    with instants.at(minutes(1)):
        assert [each.name for each in phone_list(alert.case, instants.now())][:2] == ["receiver", "leader"]


def test_a_deputy_comes_after_whom_he_deputises_for(county):
    on_shift(county, "receiver")
    post = Post.objects.get(code="dispatcher")
    Appointment.objects.create(
        user=county.users["dispatcher"], post=post, deputy_for=county.users["receiver"], valid_from=MONDAY.date()
    )
    found = [(each.name, each.rung) for each in phone_list(urgent(county).case, MONDAY)]
    assert found[:2] == [("receiver", Rung.ON_DUTY), ("dispatcher", Rung.DEPUTY)]


def test_an_empty_roster_calls_who_holds_the_post(county):
    found = [(each.name, each.rung) for each in phone_list(urgent(county).case, MONDAY)]
    assert found == [("chief", Rung.DUTY_CHIEF), ("leader", Rung.LEADER)]


def test_with_nobody_to_call_it_is_asked_again_later(county):
    Appointment.objects.filter(post__code__in=("chief", "leader")).delete()
    urgent(county)
    with instants.at(minutes(3)):
        assert services.escalate_due() == 0
        on_shift(county, "receiver")
    with instants.at(minutes(6)):
        assert services.escalate_due() == 1


@pytest.mark.parametrize(("key", "value"), [
    ("urgent.ack_minutes", 0), ("urgent.ack_minutes", True), ("urgent.roles", []), ("urgent.roles", ["handler"]),
    ("urgent.ladder", ["on_duty"]),
])  # fmt: skip
def test_settings_that_make_no_sense_are_refused(county, key, value):
    with pytest.raises(UserError):
        configuration.change(key, value, by=SYSTEM)


def test_what_is_told_late_of_an_earlier_call_moves_nothing(county):
    on_shift(county, "receiver", call_order=1)
    on_shift(county, "dispatcher", call_order=2)
    on_shift(county, "chief", call_order=3)
    alert = urgent(county)
    for minute in (4, 8):
        with instants.at(minutes(minute)):
            services.escalate_due()
    first, second = Call.objects.order_by("number")
    waits_until = Alert.objects.get(pk=alert.pk).next_call_at
    with instants.at(minutes(9)):
        services.tell_call(first.pk, "missed", by=county.actor("chief"))
        assert (called(), Alert.objects.get(pk=alert.pk).next_call_at) == (["receiver", "dispatcher"], waits_until)
        services.tell_call(second.pk, "missed", by=county.actor("chief"))
    assert called() == ["receiver", "dispatcher", "chief"]
