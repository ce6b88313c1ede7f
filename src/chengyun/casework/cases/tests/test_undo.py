"""Within the minute whoever took a step takes it back: all stands as before, the history has both rows."""

import datetime as dt

import pytest
from django.urls import reverse

from chengyun.casework.cases import undoing
from chengyun.casework.cases.models import Case, CaseParty, Request, Step
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.cases.undo_models import Undo
from chengyun.casework.cases.workflow import STEPS
from chengyun.casework.clocks.replay import differences, replay
from chengyun.casework.clocks.store import clocks_of
from chengyun.casework.dispatch.models import DispatchFeedback
from chengyun.core import calendars, configuration, history, instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.people.access import SYSTEM

GO_ON = {"version", "last_step_at", "head_hash", "announced_lamp", "queue_at", "unseen_supplements"}


def facts(case):
    row = Case.objects.values().get(pk=case.pk)
    return {name: value for name, value in row.items() if name not in GO_ON}


def rows(model, case):
    return list(model.objects.filter(case=case).order_by("id").values())


def everything(case):
    return facts(case), clocks_of(case.pk), rows(CaseParty, case), rows(Request, case)


def undo(county, case, name):
    return county.step(case, "undo", name)


UNTIL = MONDAY + dt.timedelta(days=30)
STORY = [
    ("accept", "receiver", lambda county: {"minor_class": county.waste}),
    ("file", "chief", lambda county: {"condition": county.condition}),
    ("dispatch", "dispatcher", lambda county: {"department": county.housing, "co_departments": [county.market]}),
    ("receive", "handler", lambda county: {"handler": county.users["handler2"]}),
    ("unassign", "handler2", lambda county: {}),
    ("assign", "handler", lambda county: {"handler": county.users["handler"]}),
    ("unassign", "handler", lambda county: {}),
    ("apply_extension", "handler", lambda county: {"reason": "调车"}),
]


def test_each_step_of_a_story_can_be_taken_back_and_leaves_no_trace_but_history(county):
    case = county.report()
    for verb, name, brought in STORY:
        before = everything(case)
        case = county.step(case, verb, name, **brought(county))
        case = undo(county, case, name)
        assert everything(case) == before, verb
        case = county.step(case, verb, name, **brought(county))
    assert {verb for verb, _name, _brought in STORY} <= {verb for verb, step in STEPS.items() if step.undoable}


def test_the_clocks_follow_from_history_after_an_undo(county):
    case = county.walk(county.report(), "file")
    case = undo(county, case, "chief")  # the dispatch clock had been started for the first time
    effects = [e for each in Step.objects.filter(case=case).order_by("seq") for e in each.clock_effects]
    assert [e["effect"] for e in effects][-1] == "remove"
    case = county.step(case, "file", "chief", condition=county.condition)
    case = undo(county, county.step(case, "dispatch", "dispatcher", department=county.housing), "dispatcher")
    effects = [e for each in Step.objects.filter(case=case).order_by("seq") for e in each.clock_effects]
    known = calendars.calendars({effect["calendar_version"] for effect in effects})
    assert differences(effects, known) == []
    assert replay(effects, known) == clocks_of(case.pk)


def test_both_rows_stay_in_the_chain(county):
    case = undo(county, county.walk(county.report(), "accept"), "receiver")
    assert list(Step.objects.filter(case=case).order_by("seq").values_list("verb", flat=True)) == [
        "report", "accept", "undo",
    ]  # fmt: skip
    assert Step.objects.get(case=case, verb="undo").data == {"undone": {"seq": 2, "verb": "accept"}}
    assert [fault for fault in history.verify() if fault.is_grave] == []


def test_a_department_named_by_mistake_does_not_see_the_case_any_more(county):
    case = county.walk(county.report(), "dispatch")
    undo(county, case, "dispatcher")
    assert not visible_to(county.actor("handler")).filter(pk=case.pk).exists()
    assert not DispatchFeedback.objects.exists()


def test_nobody_undoes_what_another_did(county):
    case = county.walk(county.report(), "accept")
    with pytest.raises(NotAllowed, match="办理人本人"):
        undo(county, case, "chief")


def test_after_the_minute_it_stands(county):
    case = county.walk(county.report(), "accept")
    with instants.at(MONDAY + dt.timedelta(seconds=61)), pytest.raises(UserError, match="已超过 60 秒"):
        undo(county, case, "receiver")


def test_the_minute_is_the_countys_own(county):
    configuration.change("casework.undo_seconds", 300, by=SYSTEM)
    case = county.walk(county.report(), "accept")
    with instants.at(MONDAY + dt.timedelta(seconds=200)):
        assert undo(county, case, "receiver").stage == "reported"


def test_what_somebody_went_on_with_stands(county):
    case = county.walk(county.report(), "dispatch")
    county.step(case, "receive", "handler")
    with pytest.raises(NotAllowed):
        undo(county, case, "dispatcher")


@pytest.mark.parametrize("verb", ["feed_back", "close"])
def test_what_the_table_does_not_allow_stands(county, verb):
    case = county.walk(county.report(), verb)
    with pytest.raises(UserError):
        undo(county, case, "handler" if verb == "feed_back" else "chief")


def test_an_undo_is_not_undone(county):
    case = undo(county, county.walk(county.report(), "accept"), "receiver")
    with pytest.raises(UserError):
        undo(county, case, "receiver")


def test_what_can_no_longer_be_undone_is_forgotten(county):
    county.walk(county.report(), "accept")
    with instants.at(MONDAY + dt.timedelta(hours=2)):
        undoing.forget_old()
    assert not Undo.objects.exists()


def test_a_supervision_is_answered_within_the_countys_limit(county):
    case = county.walk(county.report(), "receive")
    with pytest.raises(UserError, match="不能超过 90 天"):
        far = MONDAY + dt.timedelta(days=91)
        county.step(case, "supervise", "supervisor", note="请尽快", answer_by=far)


def test_a_case_that_one_does_not_see_is_no_target(county):
    mine, hidden = county.walk(county.report(), "receive"), county.walk(county.report(), "receive", county.market)
    from chengyun.casework.cases.services.resolve import resolve

    with pytest.raises(UserError, match="无权查看"):
        resolve(STEPS["bundle"], {"others": hidden.number}, mine, visible_to(county.actor("handler")))
    seen = visible_to(county.actor("dispatcher"))
    assert resolve(STEPS["bundle"], {"others": hidden.number}, mine, seen)["others"][0].id == hidden.pk


def as_browser(client, county, name):
    client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_line_under_the_page_offers_it_to_him_alone(client, county):
    case = county.walk(county.report(), "accept")
    assert "<undo-toast" in as_browser(client, county, "receiver").get(case.get_absolute_url()).text
    assert "<undo-toast" not in as_browser(client, county, "chief").get(case.get_absolute_url()).text
    with instants.at(MONDAY + dt.timedelta(seconds=60)):
        assert "<undo-toast" not in as_browser(client, county, "receiver").get(case.get_absolute_url()).text


def test_a_click_on_it_takes_the_step_back(client, county):
    case = county.walk(county.report(), "accept")
    address = reverse("cases:undo", args=[case.number])
    assert as_browser(client, county, "receiver").post(address, {"version": 1}).status_code == 409
    assert as_browser(client, county, "receiver").post(address, {"version": 2}).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.version) == ("reported", 3)
