"""What became of handling: who was late, who answered for it, and whether it is done at all."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.core import events, instants
from chengyun.insight.facts import feed
from chengyun.insight.facts.session import session
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.measuring import Question, measure
from chengyun.insight.figures.periods import Period
from tests.insight.exact import all_figures, check_exact
from tests.insight.recomputed import KEYS, forget_rows, recomputed

pytestmark = pytest.mark.django_db(transaction=True)

MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def county(facts_folder):
    with instants.at(MONDAY):
        yield small.build()


def figure(key, by=None):
    """The count, or of a share both its parts; with `by` of each group."""
    found = measure(session(), find(key), Question(MARCH), [by] if by else [])
    if by:
        return {group: value.numerator for (group,), value in found.groups.items()}
    return found.total.numerator if found.indicator.over is None else (found.total.numerator, found.total.denominator)


def check_everything():
    """At once, with files and from nothing; each time as plain rows tell it."""
    forget_rows()
    wanted = {key: recomputed(key, MARCH) for key in sorted(KEYS)}
    assert {key: told(key) for key in wanted} == wanted
    check_exact(session(), all_figures(bys=((), ("department",))))
    events.settle()
    feed.rebuild()
    assert {key: told(key) for key in wanted} == wanted
    check_exact(session(), all_figures(bys=((), ("department",))))


def told(key):
    value = measure(session(), find(key), Question(MARCH)).total
    return value.numerator, value.denominator


def with_files():
    events.settle()
    feed.rebuild()
    session()


def fails_the_check(county, case):
    county.step(case, "send_check", "receiver", collector=county.users["collector"])
    photos = [county.photo("collector").pk]
    return county.step(case, "check_fail", "collector", reason="还有残留", photos=photos)


def test_bundled_cases_are_late_by_their_common_clock(county):
    """Only the leading case's steps tell what moved the clock of the others."""
    early = county.walk(county.report(), to="receive")
    with instants.at(MONDAY + 3 * HOUR):
        later = county.walk(county.report(), to="receive")
        with_files()
        county.step(later, "bundle", "dispatcher", others=early.number)
    with instants.at(MONDAY + 8 * HOUR):
        early.refresh_from_db()
        assert early.clocks.get(stage="handle").due_at == later.clocks.get(stage="handle").due_at > instants.now()
        assert (figure("open_late"), figure("lamp_red")) == (0, 0)
        county.step(early, "feed_back", "handler", note="先完成一处")
        county.step(later, "feed_back", "handler", note="全部完成")
    with instants.at(MONDAY + 2 * DAY):
        assert (figure("late"), figure("on_time_handling_rate")) == (0, (2, 2))
        check_everything()


def test_what_failed_its_check_is_not_handled(county):
    case = county.walk(county.report(), to="feed_back")
    assert figure("handled") == 1
    with_files()
    fails_the_check(county, case)
    assert (figure("handled"), figure("handling_rate"), figure("open_late")) == (0, (0, 0), 0)
    with instants.at(MONDAY + DAY):
        assert (figure("open_late"), figure("handling_rate"), figure("late")) == (1, (0, 1), 1)
        check_everything()
        county.step(case, "feed_back", "handler", note="再次清理")
        assert (figure("open_late"), figure("handling_rate"), figure("handled")) == (0, (1, 1), 1)
        check_everything()


def reopened_after_an_appeal(county, case):
    """Handled late, excused, and before another department again."""
    county.step(case, "feed_back", "handler", note="已清理")
    county.step(case, "send_check", "receiver", collector=county.users["collector"])
    county.step(case, "check_pass", "collector", photos=[county.photo("collector").pk])
    county.step(case, "close", "chief", closing_met=True)
    county.step(case, "appeal", "handler", reason="道路封闭无法进场")
    county.step(case, "endorse_appeal", "evaluator")
    county.step(case, "grant_appeal", "leader")
    assert figure("on_time_handling_rate") == (1, 1)
    with_files()
    county.step(case, "reopen", "chief", reason="问题再次出现")
    county.step(case, "dispatch", "dispatcher", department=county.market)
    return county.step(case, "receive", "market")


def test_an_appeal_excuses_nothing_that_is_late_after_it(county):
    case = county.walk(county.report(), to="receive")
    with instants.at(MONDAY + 3 * DAY):
        reopened_after_an_appeal(county, case)
        assert (figure("handled"), figure("on_time_handling_rate")) == (0, (0, 1))
        check_everything()
    with instants.at(MONDAY + 4 * DAY):
        assert figure("open_late") == 1
        county.step(case, "feed_back", "market", note="已清理")
        assert (figure("on_time_handling_rate"), figure("exempted")) == ((0, 1), 1)
        check_everything()


def test_an_appeal_still_excuses_what_is_done_in_time_after_it(county):
    case = county.walk(county.report(), to="receive")
    with instants.at(MONDAY + 3 * DAY):
        reopened_after_an_appeal(county, case)
        county.step(case, "feed_back", "market", note="已清理")
        assert figure("on_time_handling_rate") == (1, 1)
        check_everything()


def test_supervision_counts_with_the_department_that_was_supervised(county):
    case = county.walk(county.report(), to="receive")
    county.step(case, "supervise", "supervisor", note="请尽快处理", answer_by=MONDAY + DAY)
    assert figure("supervised", "department") == {county.housing.pk: 1}
    county.step(case, "answer_supervision", "handler", note="今日完成")
    county.step(case, "apply_return", "handler", reason="不属本单位")
    county.step(case, "grant_return", "dispatcher")
    county.step(case, "dispatch", "dispatcher", department=county.market)
    assert figure("supervised", "department") == {county.housing.pk: 1}


def test_a_task_is_that_of_the_collector_whom_it_named(county):
    one = county.walk(county.report(), to="send_check")
    two = county.walk(county.report(), to="send_check")
    with instants.at(MONDAY + DAY):
        county.step(one, "recall_check", "receiver", reason="改派")
        county.step(one, "send_check", "receiver", collector=county.users["collector2"])
        county.step(one, "check_pass", "collector2", photos=[county.photo("collector2").pk])
        rate = measure(session(), find("on_time_check_rate"), Question(MARCH), ["person"])
    found = {key: (value.numerator, value.denominator) for (key,), value in rate.groups.items()}
    assert two.stage == "checking"
    assert found == {county.users["collector"].pk: (0, 1), county.users["collector2"].pk: (1, 1)}
