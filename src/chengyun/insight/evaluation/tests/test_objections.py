"""Objections to published lines: who may, one at a time, decided once; what was published stays as it is."""

import pytest
from django.db import IntegrityError, transaction

from chengyun.casework.cases.models import Notice
from chengyun.casework.cases.tests import county as small
from chengyun.core import history, instants
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.core.models import Event
from chengyun.insight.evaluation import access, handlers, objections
from chengyun.insight.evaluation.models import Objection, Publication
from chengyun.insight.evaluation.tests import published
from chengyun.people.access import actor_for
from chengyun.people.models import Department
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db
WORDS = "三件案件的返工是派遣有误造成的，请核实"


@pytest.fixture
def county():
    with instants.at(small.MONDAY):
        found = small.build()
        Department.objects.filter(pk=found.centre.pk).update(region_code=land.COUNTY)
        yield found


@pytest.fixture
def who(county):
    return lambda name: actor_for(county.users[name])


@pytest.fixture
def bureaus(county):
    return Publication.objects.get(pk=published.build(county)["bureaus"])


@pytest.fixture
def row(bureaus, county):
    return bureaus.rows.get(key=str(county.housing.pk))


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


def test_a_person_objects_to_his_own_line(county, who):
    own = Publication.objects.get(pk=published.build(county)["receivers"]).rows.get()
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
