"""The sheet is written from the facts, signed by one and taken over by another; every figure opens its cases."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.handover import services, states
from chengyun.casework.handover.figures import FIGURES
from chengyun.casework.handover.models import Item, Sheet
from chengyun.casework.handover.shifts import DAY, shift_of, shifts_of
from chengyun.casework.handover.states import State
from chengyun.casework.handover.tests.shifts import BEGIN, DAY_ONE, END, plan
from chengyun.casework.urgent import services as alerts
from chengyun.core import history, instants
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError


def early(county):
    return shift_of(county.centre, DAY_ONE, "early")


def signed(county, remarks="", at=END):
    with instants.at(at):
        return services.sign(county.centre, early(county), remarks, by=county.actor("receiver"))


def taken(county, sheet, name="dispatcher", at=END):
    with instants.at(at):
        return services.take_over(sheet.pk, county.centre, by=county.actor(name))


def count(sheet, key):
    return len(sheet.figures[key])


def test_the_sheet_counts_what_came_in_and_went_out(county):
    county.report(source="public")
    county.walk(county.report(), "file")
    county.step(county.report(), "refuse", "receiver", reason="重复")
    sheet = signed(county)
    found = {key: len(ids) for key, ids in sheet.figures.items() if ids}
    assert found == {
        "reported": 3, "hotline": 2, "accepted": 1, "filed": 1, "refused": 1, "overdue": 2,
        "stage_reported": 1, "stage_filed": 1,
    }  # fmt: skip


def test_what_happened_in_another_shift_is_not_this_ones(county):
    with instants.at(BEGIN - dt.timedelta(minutes=1)):
        county.report()
    with instants.at(END - dt.timedelta(minutes=5)):
        sheet_before = signed(county, at=instants.now())
    assert count(sheet_before, "reported") == 0
    assert count(sheet_before, "stage_reported") == 1


def test_what_falls_due_in_the_coming_shift_is_told(county):
    with instants.at(END - dt.timedelta(minutes=10)):
        case = county.report()
        sheet = signed(county, at=instants.now())
    assert sheet.figures["due_next"] == [case.pk]
    assert sheet.figures["overdue"] == []


def test_supervised_and_instructed_cases_are_told(county):
    case = county.walk(county.report(), "receive")
    county.step(case, "supervise", "supervisor", note="今日办结", answer_by=END + DAY)
    county.step(case, "instruct", "leader", note="尽快")
    sheet = signed(county)
    assert sheet.figures["supervised"] == [case.pk]
    assert sheet.figures["instructed"] == [case.pk]


def test_urgent_cases_stand_with_who_acknowledged_them_after_how_long(county):
    case = county.report(is_urgent=True)
    alert = alerts.raise_alert(case, MONDAY)
    with instants.at(MONDAY + dt.timedelta(minutes=2)):
        alerts.acknowledge(alert.pk, by=county.actor("chief"))
    [line] = signed(county).alerts
    assert (line["number"], line["by"], line["seconds"]) == (case.number, "chief", 120)


def test_only_the_shifts_own_people_or_the_duty_chief_sign(county):
    with instants.at(END), pytest.raises(NotAllowed, match="receiver"):
        services.sign(county.centre, early(county), "", by=county.actor("dispatcher"))
    with instants.at(END):
        assert services.sign(county.centre, early(county), "", by=county.actor("chief")).signed_by_name == "chief"


@pytest.mark.parametrize("name", ["leader", "supervisor", "handler", "admin"])
def test_nobody_else_signs(county, name):
    with instants.at(END), pytest.raises(NotAllowed, match="受理员"):
        services.sign(county.centre, early(county), "", by=county.actor(name))


def test_it_is_not_signed_before_time(county):
    with pytest.raises(UserError, match="14:30 以后"):
        signed(county, at=MONDAY)
    assert Sheet.objects.count() == 0


def test_a_shift_is_signed_once(county):
    signed(county)
    with pytest.raises(Conflict, match="已经有人交班"):
        signed(county)


def test_who_signed_cannot_take_over(county):
    with pytest.raises(NotAllowed, match="不能自己接班"):
        taken(county, signed(county), "receiver")


def test_the_next_shift_takes_over_once(county):
    sheet = taken(county, signed(county))
    assert sheet.taken_by_name == "dispatcher"
    with pytest.raises(Conflict, match="dispatcher 已经接班"):
        taken(county, sheet, "chief")
    assert [row.verb for row in history.records(sheet.chain)] == ["handover.taken", "handover.signed"]
    assert [fault for fault in history.verify() if fault.is_grave] == []


def test_somebody_of_no_later_shift_does_not_take_over(county):
    other = plan(county, "dispatcher", "early", DAY_ONE - DAY)
    assert other.day < DAY_ONE
    middle = county.users["dispatcher"].duty_shifts.get(day=DAY_ONE)
    middle.delete()
    with pytest.raises(NotAllowed, match="下一班"):
        taken(county, signed(county))


def test_items_are_carried_on_until_somebody_ticks_them_off(county):
    item = services.add_item(county.centre, "和平路井盖待回话", by=county.actor("receiver"))
    assert [each["words"] for each in signed(county).items] == ["和平路井盖待回话"]
    services.tick_item(item.pk, county.centre, by=county.actor("dispatcher"))
    with pytest.raises(Conflict, match="dispatcher 已经办结"):
        services.tick_item(item.pk, county.centre, by=county.actor("receiver"))
    with instants.at(END + dt.timedelta(hours=8)):
        later = shift_of(county.centre, DAY_ONE, "middle")
        assert services.sign(county.centre, later, "", by=county.actor("dispatcher")).items == []


@pytest.mark.parametrize("words", ["", "  ", "\x00", "长" * 201])
def test_an_item_without_or_with_too_many_words_is_refused(county, words):
    with pytest.raises(UserError):
        services.add_item(county.centre, words, by=county.actor("receiver"))
    assert Item.objects.count() == 0


def test_a_sheet_changed_afterwards_does_not_fit_its_history(county):
    sheet = signed(county, "一切正常")
    Sheet.objects.filter(pk=sheet.pk).update(remarks="改过")
    sheet.refresh_from_db()
    assert services.digest(sheet) != history.records(sheet.chain)[0].data["digest"]


def test_late_and_missed_handovers_are_seen(county):
    plan(county, "receiver", "night")

    def state(after: float) -> State:
        with instants.at(END + dt.timedelta(hours=after)):
            lines = states.lines_of(shifts_of(county.centre, DAY_ONE, DAY_ONE + DAY), {})
        return lines[-1].state

    assert [state(-1), state(0.25), state(1), state(8)] == [State.RUNNING, State.DUE, State.LATE, State.MISSED]


def test_a_late_signature_stays_marked(county):
    sheet = signed(county, at=END + dt.timedelta(hours=2))
    with instants.at(END + dt.timedelta(hours=3)):
        lines = states.lines_of([early(county)], {(DAY_ONE, "early"): sheet})
    assert [(line.state, line.was_late) for line in lines] == [(State.SIGNED, True)]


def test_another_centres_sheet_is_not_found(county):
    with pytest.raises(NotFound):
        services.take_over(signed(county).pk, county.housing, by=county.actor("dispatcher"))


def test_every_figure_is_told_apart():
    assert len({str(figure.title) + str(figure.group) for figure in FIGURES.values()}) == len(FIGURES)


def test_two_clicks_make_one_item_and_the_same_words_later_another(county):
    receiver = county.actor("receiver")
    one, two = (services.add_item(county.centre, "和平路井盖待回话", by=receiver) for _click in range(2))
    other = services.add_item(county.centre, "和平路井盖待回话", by=county.actor("dispatcher"))
    assert (one.pk == two.pk, other.pk == one.pk) == (True, False)
    with instants.at(MONDAY + dt.timedelta(minutes=2)):
        assert services.add_item(county.centre, "和平路井盖待回话", by=receiver).pk != one.pk
