"""Objections to published lines: who may, one at a time, decided once; what was published stays as it is."""

import pytest
from django.db import IntegrityError, transaction

from chengyun.casework.cases.models import Notice
from chengyun.core import history
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.core.models import Event
from chengyun.insight.evaluation import access, handlers, objections
from chengyun.insight.evaluation.models import Objection, Publication

pytestmark = pytest.mark.django_db
WORDS = "三件案件的返工是派遣有误造成的，请核实"


@pytest.fixture
def made(row, who):
    return objections.object_to(row, 2, WORDS, by=who("handler"))


def test_a_department_objects_to_a_line_of_its_own_row(made, row, who):
    assert (made.words, made.by_name, made.is_open) == (WORDS, who("handler").name, True)
    assert objections.line_of(row, 2).key == "rework_rate"
    (record,) = history.records(objections.chain_of(made))
    assert record.verb == "evaluation.objected"
    assert WORDS not in str(record.data)


@pytest.mark.parametrize("name", ["market", "evaluator", "leader", "admin"])
def test_nobody_objects_for_another(row, who, name):
    with pytest.raises(NotAllowed):
        objections.object_to(row, 2, WORDS, by=who(name))


def test_a_person_objects_to_his_own_line(results, who):
    own = results["receivers"].rows.get()
    assert objections.object_to(own, 0, WORDS, by=who("receiver")).row == own
    with pytest.raises(NotAllowed):
        objections.object_to(own, 1, WORDS, by=who("dispatcher"))


@pytest.mark.parametrize("words", ["", "太低", "字" * 501, "  九个字而且有空白  "])
def test_words_have_a_length(row, who, words):
    with pytest.raises(UserError) as refused:
        objections.object_to(row, 2, words, by=who("handler"))
    assert refused.value.field == "words"
    assert not Objection.objects.exists()


def test_there_is_no_objection_to_a_line_that_there_is_not(row, who):
    for line in (-1, 4):
        with pytest.raises(NotFound):
            objections.object_to(row, line, WORDS, by=who("handler"))


def test_one_line_has_one_open_objection(made, row, who):
    with pytest.raises(Conflict, match="等待裁定"):
        objections.object_to(row, 2, WORDS, by=who("handler"))
    assert objections.object_to(row, 1, WORDS, by=who("handler")).line == 1
    objections.decide(made, 1, upheld=False, reason="派遣并无错误", by=who("evaluator"))
    assert objections.object_to(row, 2, WORDS, by=who("handler")).is_open


def test_the_database_itself_holds_one_open_objection(made, row):
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_a_replaced_version_takes_no_objection(row, bureaus, who):
    later = Publication.objects.get(pk=bureaus.pk)
    later.pk, later.version = None, 2
    later.save(force_insert=True)
    with pytest.raises(Conflict, match="第 2 版"):
        objections.object_to(row, 2, WORDS, by=who("handler"))


@pytest.mark.parametrize("upheld", [True, False])
def test_a_decision_changes_no_figure(made, bureaus, who, upheld):
    frozen = list(bureaus.rows.values())
    decided = objections.decide(made, 1, upheld=upheld, reason="已核对案卷", by=who("evaluator"))
    assert (decided.state, decided.version) == ("upheld" if upheld else "rejected", 2)
    assert (decided.reason, decided.decided_by) == ("已核对案卷", who("evaluator").name)
    assert list(bureaus.rows.values()) == frozen
    assert Publication.objects.filter(kind="department").count() == 1


def test_of_two_decisions_the_first_holds(made, who):
    seen = Objection.objects.get(pk=made.pk)
    objections.decide(made, 1, upheld=True, reason="返工由派遣造成", by=who("evaluator"))
    with pytest.raises(Conflict, match="先一步"):
        objections.decide(seen, 1, upheld=False, reason="派遣无误，不成立", by=who("evaluator"))
    assert Objection.objects.get().state == "upheld"
    assert [record.verb for record in history.records(objections.chain_of(made))] == [
        "evaluation.decided", "evaluation.objected",
    ]  # fmt: skip


def test_whoever_objected_withdraws_and_may_object_again(made, row, who):
    gone = objections.withdraw(made, 1, by=who("handler"))
    assert (gone.state, gone.version, gone.withdrawn_by) == ("withdrawn", 2, who("handler").name)
    assert gone.withdrawn_at and not gone.decided_at
    assert [record.verb for record in history.records(objections.chain_of(made))] == [
        "evaluation.withdrawn", "evaluation.objected",
    ]  # fmt: skip
    assert objections.object_to(row, 2, WORDS, by=who("handler")).is_open


@pytest.mark.parametrize("name", ["market", "evaluator", "leader", "chief", "admin"])
def test_nobody_withdraws_for_another(made, who, name):
    with pytest.raises(NotAllowed):
        objections.withdraw(made, 1, by=who(name))
    assert Objection.objects.get().is_open


def test_what_is_decided_is_not_withdrawn_nor_the_other_way(made, row, who):
    seen = Objection.objects.get(pk=made.pk)
    objections.decide(made, 1, upheld=True, reason="返工由派遣造成", by=who("evaluator"))
    with pytest.raises(Conflict, match="不能再撤回"):
        objections.withdraw(seen, 1, by=who("handler"))
    other = objections.object_to(row, 1, WORDS, by=who("handler"))
    objections.withdraw(other, 1, by=who("handler"))
    with pytest.raises(Conflict, match="撤回"):
        objections.decide(other, 2, upheld=True, reason="返工由派遣造成", by=who("evaluator"))
    assert sorted(Objection.objects.values_list("state", flat=True)) == ["upheld", "withdrawn"]


def test_a_decision_needs_an_evaluator_and_a_reason(made, who):
    for name in ("leader", "handler", "chief"):
        with pytest.raises(NotAllowed):
            objections.decide(made, 1, upheld=True, reason="返工由派遣造成", by=who(name))
    with pytest.raises(UserError) as refused:
        objections.decide(made, 1, upheld=True, reason=" 无 ", by=who("evaluator"))
    assert refused.value.field == "reason"


def test_nobody_decides_his_own(made, who):
    Objection.objects.update(by_id=who("evaluator").user_id)
    made.refresh_from_db()
    with pytest.raises(UserError, match="其他考核员"):
        objections.decide(made, 1, upheld=True, reason="返工由派遣造成", by=who("evaluator"))


def test_who_sees_it(made, who):
    seeing = [
        name for name in ("evaluator", "leader", "handler", "market", "receiver", "chief", "admin")
        if objections.visible_to(who(name)).exists()
    ]  # fmt: skip
    assert seeing == ["evaluator", "leader", "handler"]
    with pytest.raises(NotFound):
        objections.objection_for(who("market"), made.pk)
    assert access.visible_to(who("market")).exists()


def told_by(kind):
    """Delivered twice, as it may happen; on PostgreSQL events are final only after the test's transaction."""
    for _time in range(2):
        handlers.notices(list(Event.objects.filter(kind=kind)))
    return Notice.objects.filter(kind="evaluation_objection").order_by("id")


def test_both_sides_are_told(made, who, county):
    (notice,) = told_by("evaluation.objected")
    assert (notice.user, "返工率" in notice.text) == (county.users["evaluator"], True)
    assert county.housing.short_name in notice.text and notice.address == made.get_absolute_url()
    objections.decide(made, 1, upheld=True, reason="返工由派遣造成", by=who("evaluator"))
    _before, told = told_by("evaluation.decided")
    assert (told.user, "成立" in told.text) == (county.users["handler"], True)


def test_the_evaluators_are_told_of_what_was_withdrawn(made, who, county):
    objections.withdraw(made, 1, by=who("handler"))
    (notice,) = told_by("evaluation.withdrawn")
    assert (notice.user, "撤回" in notice.text) == (county.users["evaluator"], True)
    assert county.housing.short_name in notice.text


def test_whoever_objected_is_told_that_a_colleague_withdrew_it(made, who, county):
    objections.withdraw(made, 1, by=who("handler"))
    Objection.objects.update(withdrawn_by_id=county.users["chief"].pk)
    assert {notice.user for notice in told_by("evaluation.withdrawn")} == {
        county.users["evaluator"], county.users["handler"],
    }  # fmt: skip
