"""The life of a campaign through its services."""

import datetime as dt

import pytest

from chengyun.casework.campaigns import access, document, progress
from chengyun.casework.campaigns.models import CampaignCase, Counting, Prompt, Task
from chengyun.casework.campaigns.services import closing, linking, planning, working
from chengyun.casework.cases.models import Notice
from chengyun.core import events, handlers, instants
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.people import register
from chengyun.people.models import RegisterChange

DAY = dt.date(2026, 3, 2)


def done(task):
    task = Task.objects.select_related("target", "department").get(pk=task.pk)
    return progress.of_tasks([task])[0]


def told(**changes):
    return {"day": DAY, "amount": 4, "note": "凤凰街清理四处"} | changes


def test_its_number_counts_within_the_year(plan):
    first, second = plan()[0], plan()[0]
    assert (first.number, second.number) == ("ZX2026-01", "ZX2026-02")


def test_progress_is_the_sum_of_what_was_reported(plan, county):
    _campaign, task = plan()
    handler = county.actor("handler")
    working.report(task, by=handler, **told())
    wrong = working.report(task, by=handler, **told(amount=3))
    working.withdraw(wrong, by=handler)
    assert (done(task).done, done(task).share) == (4, 40)


def test_cases_join_by_class_time_and_place(plan, county, django_capture_on_commit_callbacks):
    campaign, task = plan(counting=Counting.CLOSED_CASES, amount=2)
    inside = county.walk(county.report(), "close")
    county.walk(county.report(), "accept")
    linking.link_new_cases([inside.pk])
    assert list(campaign.links.values_list("case", "how")) == [(inside.pk, "rule")]
    assert done(task).done == 1
    assert list(progress.cases_of(task)) == [inside]


def test_cases_that_stood_before_the_start_join_too(plan, county):
    case = county.walk(county.report(), "dispatch")
    campaign, _task = plan()
    assert list(campaign.links.values_list("case", flat=True)) == [case.pk]


def test_a_case_of_another_township_stays_outside(plan, county):
    case = county.walk(county.report(), "dispatch")
    campaign, _task = plan(started=False)
    planning.change(campaign, by=county.actor("supervisor"), township_codes=["990126101"])
    planning.start(campaign, by=county.actor("supervisor"))
    assert not CampaignCase.objects.filter(case=case).exists()


def test_a_case_is_linked_by_hand_once_and_taken_out_again(plan, county):
    campaign, _task = plan(classes=False)
    case = county.report()
    chief = county.actor("chief")
    linking.link_by_hand(campaign, case.number, by=chief)
    with pytest.raises(UserError, match="已经在这项行动里"):
        linking.link_by_hand(campaign, case.number, by=chief)
    with pytest.raises(UserError, match="不在这项行动里"):
        linking.unlink(campaign, "\x00", by=chief)
    linking.unlink(campaign, case.number, by=chief)
    assert not campaign.links.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": 0}, "完成量须在"),
        ({"day": dt.date(2026, 3, 3)}, "日期须在"),
        ({"day": dt.date(2026, 2, 1)}, "日期须在"),
        ({"note": "  "}, "请写明情况"),
    ],
)
def test_a_wrong_report_is_refused_whole(plan, county, changes, sentence):
    _campaign, task = plan()
    with pytest.raises(UserError, match=sentence):
        working.report(task, by=county.actor("handler"), **told(**changes))
    assert not task.evidence.exists()


def test_only_the_unit_itself_reports(plan, county):
    _campaign, task = plan()
    with pytest.raises(NotAllowed):
        working.report(task, by=county.actor("market"), **told())
    with pytest.raises(NotAllowed):
        working.report(task, by=county.actor("supervisor"), **told())


def test_the_centre_reports_for_a_unit_that_does_not_log_in(plan, county):
    campaign, task = plan()
    by = county.actor("supervisor")
    (village,) = planning.add_tasks(campaign, {county.village: 3}, by=by, target=task.target)
    working.report(village, by=by, **told(amount=3))
    assert done(village).share == 100


def test_a_task_is_handed_in_given_back_and_accepted(plan, county):
    _campaign, task = plan(amount=4)
    handler, supervisor = county.actor("handler"), county.actor("supervisor")
    with pytest.raises(UserError, match="完成后再提交验收"):
        working.submit(task, by=handler)
    working.report(task, by=handler, **told())
    working.submit(task, by=handler)
    with pytest.raises(Conflict):
        working.report(task, by=handler, **told())
    working.give_back(task, by=supervisor, reason="照片不清")
    working.submit(task, by=handler)
    working.accept(task, by=supervisor)
    task.refresh_from_db()
    assert task.state == Task.State.ACCEPTED
    assert [row.action for row in register.history(task)] == [
        "accepted",
        "submitted",
        "returned",
        "submitted",
        "created",
    ]


def test_reminders_are_told_once_per_deadline(plan, county):
    _campaign, task = plan()
    with instants.at(dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)):
        assert (working.remind(), working.remind()) == (1, 0)
    with instants.at(dt.datetime(2026, 4, 2, 1, tzinfo=dt.UTC)):
        assert (working.remind(), working.remind()) == (1, 0)
        assert done(task).is_late
    assert list(task.prompts.values_list("kind", flat=True)) == ["overdue", "due_soon"]


def test_a_task_that_is_done_needs_no_reminder(plan, county):
    _campaign, task = plan(amount=4)
    working.report(task, by=county.actor("handler"), **told())
    with instants.at(dt.datetime(2026, 4, 2, 1, tzinfo=dt.UTC)):
        assert working.remind() == 0


@pytest.mark.django_db(transaction=True)
def test_the_unit_is_told_of_its_task_and_of_a_supervision(plan, county):
    _campaign, task = plan()
    working.supervise(task, by=county.actor("leader"), text="进度偏慢", answer_by=dt.date(2026, 3, 5))
    handlers.discover()
    events.settle()
    handlers.run_until_quiet()
    texts = list(
        Notice.objects.filter(user=county.users["handler"], case=None).order_by("id").values_list("text", "url")
    )
    assert [text.partition("：")[0] for text, _url in texts] == ["专项行动新任务", "专项任务督办"]
    assert {url for _text, url in texts} == {f"/campaigns/tasks/{task.pk}/"}
    assert not Notice.objects.filter(user=county.users["market"]).exists()


def test_a_supervision_is_answered_once_by_its_unit(plan, county):
    _campaign, task = plan()
    prompt = working.supervise(task, by=county.actor("leader"), text="进度偏慢", answer_by=DAY)
    with pytest.raises(NotAllowed):
        working.answer(prompt, by=county.actor("market"), text="好")
    working.answer(prompt, by=county.actor("handler"), text="已增派人员")
    with pytest.raises(UserError):
        working.answer(prompt, by=county.actor("handler"), text="再答")
    assert Prompt.objects.get().answer == "已增派人员"


def test_departments_see_the_campaigns_they_have_to_do_with(plan, county):
    campaign, _task = plan()
    assert access.campaign_for(county.actor("handler"), campaign.pk) == campaign
    with pytest.raises(NotFound):
        access.campaign_for(county.actor("market"), campaign.pk)
    assert not access.visible_to(county.actor("collector")).exists()


def test_a_part_outside_the_period_is_refused(plan, county):
    campaign, _task = plan()
    with pytest.raises(UserError, match="须在行动的起止之内"):
        planning.add_phase(campaign, by=county.actor("chief"), name="巩固", begins=DAY, ends=dt.date(2026, 5, 1))
    with pytest.raises(UserError, match="须在行动的起止之内"):
        planning.change(campaign, by=county.actor("chief"), ends=dt.date(2026, 3, 10))


def test_nothing_starts_without_a_task(county):
    by = county.actor("chief")
    campaign = planning.create(by=by, name="a", goal="b", lead=county.housing, begins=DAY, ends=DAY)
    with pytest.raises(UserError, match="还没有分解任务"):
        planning.start(campaign, by=by)


def test_a_task_with_work_on_it_stays(plan, county):
    _campaign, task = plan()
    working.report(task, by=county.actor("handler"), **told())
    with pytest.raises(UserError, match="不能删除"):
        planning.remove_task(task, by=county.actor("chief"))


def test_a_removed_task_leaves_its_history(plan, county):
    _campaign, task = plan()
    chain = register.subject(task)
    planning.remove_task(task, by=county.actor("chief"))
    assert list(RegisterChange.objects.filter(chain=chain).order_by("seq").values_list("action", flat=True)) == [
        "created",
        "removed",
    ]


def test_closing_freezes_the_figures(plan, county):
    campaign, task = plan()
    chief = county.actor("chief")
    working.report(task, by=county.actor("handler"), **told())
    with pytest.raises(UserError, match="主要成效"):
        closing.close(campaign, by=chief)
    closing.write_report(campaign, by=chief, results="清理四处", problems="", next_steps="")
    campaign = closing.close(campaign, by=chief)
    task.evidence.update(amount=99)
    figures = closing.figures(campaign)
    assert figures["share"] == 40
    assert figures["targets"] == [{"name": "清理垃圾点", "unit": "处", "amount": 10, "done": 4}]
    with pytest.raises(UserError, match="已经结束"):
        planning.change(campaign, by=chief, name="x")


def test_nothing_is_accepted_or_given_back_once_the_campaign_is_closed(plan, county):
    campaign, task = plan(amount=4)
    chief = county.actor("chief")
    working.report(task, by=county.actor("handler"), **told())
    working.submit(task, by=county.actor("handler"))
    closing.write_report(campaign, by=chief, results="清理四处", problems="", next_steps="")
    closing.close(campaign, by=chief)
    for act in (lambda: working.accept(task, by=chief), lambda: working.give_back(task, by=chief, reason="补充")):
        with pytest.raises(UserError, match="不在进行中"):
            act()
    assert Task.objects.get(pk=task.pk).state == Task.State.SUBMITTED


def test_progress_of_more_tasks_than_a_database_has_columns(plan, county):
    campaign, task = plan(counting=Counting.REPORTED_CASES)
    county.walk(county.report(), "dispatch")
    linking.link_standing_cases(campaign)
    row = {name: getattr(task, name) for name in ("campaign", "target", "department", "begins", "ends", "amount")}
    found = progress.of_tasks([Task(pk=number, **row) for number in range(1, 2101)])
    assert {each.done for each in found} == {1}


def test_the_report_prints_what_was_pasted_from_word(plan):
    campaign, _task = plan()
    campaign.results = "第一行\x0b第二行\x01\ufffe"
    assert document.word(campaign, closing.figures(campaign)).startswith(b"PK")
