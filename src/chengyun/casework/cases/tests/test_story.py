"""Stories: a case's whole way through the services."""

import datetime as dt

import pytest

from chengyun.casework import take_step
from chengyun.casework.cases.models import Case, Report, Step
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.dispatch.services.duties import Duty, add_duty
from chengyun.core import configuration, instants
from chengyun.core.errors import Conflict, NotAllowed, UserError
from chengyun.people.access import SYSTEM

HAPPY = ["report", "accept", "file", "dispatch", "receive", "feed_back", "send_check", "check_pass", "close"]


def verbs(case):
    return list(Step.objects.filter(case=case).order_by("seq").values_list("verb", flat=True))


def test_a_case_goes_from_report_to_closed(county):
    case = county.walk(county.report(), to="close")
    assert case.stage == "closed"
    assert verbs(case) == HAPPY
    assert not case.clocks.filter(stopped_at__isnull=True).exists()


def test_a_department_returns_a_case_and_another_gets_it_with_a_new_clock(county):
    case = county.walk(county.report(), to="dispatch")
    first_due = case.due_at
    with instants.at(MONDAY + dt.timedelta(hours=2)):
        case = county.step(case, "apply_return", "handler", reason="不属于本部门")
        assert case.is_paused
        case = county.step(case, "grant_return", "dispatcher")
        case = county.step(case, "dispatch", "dispatcher", department=county.market)
    assert case.due_at > first_due
    assert case.return_count == 1
    assert case.clocks.get(stage="handle").round == 2


def test_the_same_department_resumes_its_clock(county):
    case = county.walk(county.report(), to="dispatch")
    with instants.at(MONDAY + dt.timedelta(hours=1)):
        case = county.step(case, "apply_return", "handler", reason="不属于本部门")
    with instants.at(MONDAY + dt.timedelta(hours=2)):
        case = county.step(case, "grant_return", "dispatcher")
        case = county.step(case, "dispatch", "dispatcher", department=county.housing)
    clock = case.clocks.get(stage="handle")
    assert clock.round == 1
    assert clock.used_before == 1


def test_an_extension_needs_two_levels_and_adds_one_limit(county):
    case = county.walk(county.report(), to="receive")
    due = case.due_at
    case = county.step(case, "apply_extension", "handler", reason="需要调车")
    with pytest.raises(UserError):
        county.step(case, "endorse", "handler")
    case = county.step(case, "endorse", "handler2")
    case = county.step(case, "grant_extension", "dispatcher")
    assert case.due_at > due
    assert case.extension_count == 1


def test_a_suspension_pauses_and_resumes(county):
    case = county.walk(county.report(), to="receive")
    until = MONDAY + dt.timedelta(days=30)
    case = county.step(case, "apply_suspension", "handler", reason="冬季不宜施工", until=until)
    case = county.step(case, "endorse", "handler2")
    case = county.step(case, "grant_suspension", "dispatcher")
    assert (case.stage, case.is_paused, case.suspended_until) == ("suspended", True, until)
    with instants.at(until):
        case = county.step(case, "resume", "dispatcher")
    assert (case.stage, case.is_paused) == ("handling", False)
    assert case.due_at > until


def test_rework_continues_the_clock_and_an_overdue_mark_can_be_appealed(county):
    case = county.walk(county.report(), to="send_check")
    case = county.step(case, "check_fail", "collector", reason="还有残留", photos=[county.photo("collector").pk])
    assert (case.stage, case.rework_count) == ("handling", 1)
    with instants.at(MONDAY + dt.timedelta(days=3)):
        case = county.step(case, "feed_back", "handler", note="再次清理")
        assert case.handling_overdue
        case = county.step(case, "send_check", "receiver", collector=county.users["collector"])
        case = county.step(case, "check_pass", "collector", photos=[county.photo("collector").pk])
        case = county.step(case, "close", "chief", closing_met=True)
        case = county.step(case, "appeal", "handler", reason="道路封闭无法进场")
        case = county.step(case, "endorse_appeal", "evaluator")
        case = county.step(case, "grant_appeal", "leader")
    assert case.handling_overdue and case.overdue_exempt
    handle = case.clocks.get(stage="handle")
    assert handle.is_overdue and handle.exempt


def test_two_people_at_once_the_second_is_told(county):
    case = county.report()
    seen = case.version
    county.step(case, "accept", "receiver", minor_class=county.waste)
    with pytest.raises(Conflict):
        take_step(case.pk, "refuse", by=county.actor("receiver"), version=seen, reason="重复")
    assert verbs(case) == ["report", "accept"]


def test_whoever_does_not_hold_the_role_is_told_who_does(county):
    case = county.report()
    with pytest.raises(NotAllowed, match="受理员"):
        county.step(case, "accept", "dispatcher", minor_class=county.waste)


def test_a_missing_field_is_named_and_nothing_is_changed(county):
    case = county.report()
    with pytest.raises(UserError, match="小类") as caught:
        county.step(case, "accept", "receiver")
    assert caught.value.field == "minor_class"
    assert Case.objects.get(pk=case.pk).version == 1


def test_the_centre_enters_steps_for_a_department_that_never_logs_in(county):
    case = county.walk(county.report(), to="file")
    case = county.step(case, "dispatch", "dispatcher", department=county.village)
    with pytest.raises(UserError, match="依据"):
        county.step(case, "receive", "dispatcher")
    case = county.step(case, "receive", "dispatcher", evidence="phone", evidence_note="3月2日 王五来电")
    step = Step.objects.get(case=case, verb="receive")
    assert step.on_behalf_of == county.village
    assert step.evidence == "phone"


def test_merging_points_the_reports_to_the_other_case(county):
    first, second = county.report(), county.report()
    county.step(second, "merge", "receiver", target=first.number)
    second.refresh_from_db()
    assert (second.stage, second.merged_into) == ("merged", first)
    assert Report.objects.filter(case=first).count() == 2
    assert verbs(first) == ["report", "take_merged"]


def test_co_handlers_each_answer_for_their_part(county):
    case = county.walk(county.report(), to="file")
    case = county.step(case, "dispatch", "dispatcher", department=county.housing, co_departments=[county.market])
    case = county.step(case, "receive", "handler")
    with pytest.raises(UserError, match="协办"):
        county.step(case, "feed_back", "handler", note="完成")
    case = county.step(case, "feed_back_part", "market", note="已协助")
    case = county.step(case, "feed_back", "handler", note="完成")
    assert case.stage == "fed_back"


def test_bundled_cases_run_on_one_clock(county):
    one, two = (county.walk(county.report(), to="receive") for _ in range(2))
    county.step(one, "bundle", "dispatcher", others=two.number)
    with instants.at(MONDAY + dt.timedelta(hours=1)):
        county.step(one, "feed_back", "handler", note="先完成一处")
        assert not one.clocks.get(stage="handle").paused_at
        county.step(two, "feed_back", "handler", note="全部完成")
    assert two.clocks.get(stage="handle").paused_at
    assert one.clocks.get(stage="handle").paused_at


def test_supervision_demands_an_answer(county):
    case = county.walk(county.report(), to="receive")
    answer_by = MONDAY + dt.timedelta(days=1)
    case = county.step(case, "supervise", "supervisor", note="请尽快处理", answer_by=answer_by)
    assert case.asks_role == "handler"
    case = county.step(case, "answer_supervision", "handler", note="今日完成")
    assert case.asks_role == ""


def test_a_closed_case_is_reopened_and_counted(county):
    case = county.walk(county.report(), to="close")
    case = county.step(case, "reopen", "chief", reason="问题再次出现")
    case = county.step(case, "dispatch", "dispatcher", department=county.housing)
    assert (case.stage, case.reopen_count) == ("dispatched", 1)
    assert case.clocks.get(stage="handle").round == 2


def test_an_outsider_finds_no_such_case(county):
    case = county.walk(county.report(), to="dispatch")
    with pytest.raises(UserError, match="没有"):
        county.step(case, "receive", "market")


def test_a_matter_that_is_split_off_becomes_a_case_of_its_own(county):
    case = county.report()
    case = county.step(case, "split", "receiver", title="路灯不亮", words="来电同时反映路灯不亮")
    other = Case.objects.get(split_from=case)
    assert (other.stage, other.title, verbs(other)) == ("reported", "路灯不亮", ["report"])
    assert Step.objects.get(case=case, verb="split").data["split"] == other.number


def test_a_county_may_let_the_duty_list_dispatch_by_itself(county):
    duty = Duty(minor_id=county.waste.pk, main_department_id=county.housing.pk, auto_dispatch=True)
    add_duty(duty, valid_from=dt.date(2020, 1, 1))
    configuration.change("dispatch.auto_threshold", 0.5, by=SYSTEM)
    case = county.walk(county.report(), to="file")
    case.refresh_from_db()
    assert (case.stage, case.main_department) == ("dispatched", county.housing)
    assert Step.objects.get(case=case, verb="dispatch").by_role == "dispatcher"
    assert Step.objects.get(case=case, verb="dispatch").by_user is None


@pytest.mark.parametrize("name", ["market", "collector", "leader"])
def test_a_case_is_assigned_to_the_departments_own_handlers_only(county, name):
    case = county.walk(county.report(), to="receive")
    with pytest.raises(UserError, match="处置人员"):
        county.step(case, "assign", "handler", handler=county.users[name])
    county.step(case, "assign", "handler", handler=county.users["handler2"])


def test_a_check_is_sent_to_a_collector_only(county):
    case = county.walk(county.report(), to="feed_back")
    with pytest.raises(UserError, match="采集员"):
        county.step(case, "send_check", "receiver", collector=county.users["market"])
