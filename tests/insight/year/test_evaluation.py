"""Evaluation over the demo county's year: recomputed apart from the code, published, and compared with what is now."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.management import CommandError, call_command

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.services.steps import take_step
from chengyun.core import history
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.insight.evaluation import access, differences, objects, publishing, schemes, spans
from chengyun.insight.evaluation.computing import course, evaluate
from chengyun.insight.evaluation.models import Publication, PublishedCases, PublishedRow
from chengyun.insight.facts import rows
from chengyun.insight.facts.session import Session
from chengyun.insight.figures.measuring import behind
from chengyun.people.access import actor_for
from chengyun.people.models import Department, User
from chengyun.people.roles import Role
from tests.insight import recomputed as apart

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]

YEAR = spans.read("2025")
MONTH = spans.read("2025-11")


@pytest.fixture(scope="module", autouse=True)
def read_anew():
    apart.forget_rows()
    yield
    apart.forget_rows()


@pytest.fixture
def published(evaluator):
    return publishing.publish("department", YEAR, "bureaus", by=evaluator)


# --- recomputed: plain rows and plain decimals, nothing of the code that is judged -----------------------------------


def hundredths(number):
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def share(cases, holds):
    return hundredths(Decimal(100) * sum(map(bool, map(holds, cases))) / len(cases)) if cases else None


def weighed(*pairs):
    kept = [(weight, score) for weight, score in pairs if score is not None]
    whole = sum(weight for weight, _score in kept)
    return hundredths(sum(weight * score for weight, score in kept) / whole) if kept else None


def fewer(count, days):
    for most, score in ((50, 100), (100, 90), (200, 75), (500, 60), (1000, 40)):
        if count * 365 <= most * days:
            return Decimal(score)
    return Decimal(0)


def holder(step):
    """The department that had the case when the step was taken: the last one named and not taken back."""
    chain = apart.histories()[step.case_id]
    undone = {each.data["undone"]["seq"] for each in chain if each.verb == "undo"}
    named = [
        s for s in chain if s.seq <= step.seq and s.seq not in undone and s.verb != "undo" and "department" in s.data
    ]
    return named[-1].data["department"]["id"] if named else None


def department_total(pk, period):
    cases = [case for case in apart.owed(period) if case.main_department_id == pk]
    reworked = [s for s in apart.live_steps(period, "check_fail", "rework") if holder(s) == pk]
    if not cases and not reworked:
        return None
    rework = share(cases, lambda c: c.rework_count)
    return weighed(
        (30, share(cases, lambda c: c.stage == "closed")),
        (30, share(cases, lambda c: apart.is_handled(c) and (c.overdue_exempt or not apart.is_late(c)))),
        (30, None if rework is None else 100 - rework),
        (10, fewer(len(reworked), period.days)),
    )


@pytest.mark.parametrize("span", [YEAR, MONTH], ids=["year", "month"])
def test_departments_recomputed(span):
    found = {row.key: row for group in evaluate("department", span).groups for row in group.rows}
    assert len([row for row in found.values() if row.total is not None]) > 3
    for pk, row in found.items():
        assert row.total == department_total(pk, span.period), row.name
        assert row.previous_total == department_total(pk, span.previous.period), row.name


def test_townships_recomputed():
    (group,) = evaluate("area:township", YEAR).groups
    for row in group.rows:
        filed = [case for case in apart.filed(YEAR.period) if case.township_code == row.key]
        owed = [case for case in apart.owed(YEAR.period) if case.township_code == row.key]
        told = share(filed, lambda c: c.source in ("hotline", "public"))
        assert row.total == (
            weighed(
                (10, None if told is None else 100 - told),
                (20, fewer(len(filed), YEAR.period.days)),
                (30, share(owed, lambda c: c.stage == "closed")),
                (40, share(owed, lambda c: c.stage == "closed" and (c.overdue_exempt or not apart.is_late(c)))),
            )
            if filed
            else None
        ), row.name
        assert row.late == sum(map(apart.is_late, filed))
        assert row.exempted == sum(case.overdue_exempt for case in filed)


def test_dispatchers_recomputed():
    (group,) = evaluate("post:dispatcher", YEAR).groups
    period, scored = YEAR.period, [row for row in group.rows if row.total is not None]
    assert scored
    for row in scored:
        sent = [step for step in apart.live_steps(period, "dispatch") if step.by_user_id == row.key]
        assert row.values[0].numerator == len(sent)
        assert row.values[2].numerator == sum(map(apart.is_accurate, sent))
        assert row.late is None


def test_ranks_grades_and_order():
    for group in evaluate("department", YEAR).groups:
        totals = [row.total for row in group.rows if row.total is not None]
        assert totals == sorted(totals, reverse=True)
        assert [row.rank for row in group.rows] == [
            None if row.total is None else 1 + sum(each > row.total for each in totals) for row in group.rows
        ]
        assert all(bool(row.judgement.grade) == (row.total is not None) for row in group.rows)


def test_bureaus_and_townships_are_ranked_apart():
    bureaus, townships = evaluate("department", YEAR).groups
    kinds = dict(Department.objects.values_list("pk", "kind"))
    assert {kinds[row.key] for row in townships.rows} == {"township"}
    assert "township" not in {kinds[row.key] for row in bureaus.rows}
    assert min(row.rank for row in townships.rows if row.rank) == min(row.rank for row in bureaus.rows if row.rank) == 1


@pytest.mark.parametrize("key", objects.KINDS)
def test_every_value_opens_to_its_cases(facts, key):
    result = evaluate(key, YEAR)
    rows = [row for row in result.groups[0].rows if row.total is not None]
    assert rows
    for place, figure in enumerate(result.figures):
        question = figure.question.narrowed(result.kind.dimension, rows[0].key)
        found = behind(facts, figure.indicator.of, question, figure.as_of)
        assert sum(each.rows for each in found) == rows[0].values[place].numerator


def test_nothing_to_measure_has_no_score_and_no_rank():
    empty = evaluate("department", spans.read("2001"))
    assert all(row.total is None and row.rank is None for group in empty.groups for row in group.rows)


def test_the_course_is_that_of_the_periods():
    result = evaluate("department", MONTH)
    row = result.groups[0].rows[0]
    told = course("department", row.key, MONTH, result.plan)
    assert [span.key for span, _judged in told] == [f"2025-{month:02}" for month in range(6, 12)]
    assert told[-1][1].total == row.total
    assert told[-2][1].total == row.previous_total


def test_statements_stay_as_many_however_many_objects_there_are(django_assert_num_queries):
    with django_assert_num_queries(5):  # the scheme, the version of the regions (3), the cells
        assert len(evaluate("area:cell", YEAR).groups[0].rows) > 50
    with django_assert_num_queries(3):  # the scheme, each group
        evaluate("department", YEAR)


# --- published --------------------------------------------------------------------------------------------------------


def test_a_publication_freezes_everything(published, facts):
    result = evaluate("department", YEAR)
    (chosen,) = [group for group in result.groups if group.group.key == "bureaus"]
    kept = list(published.rows.all())
    assert [(row.key, row.total, row.rank, row.grade) for row in kept] == [
        (str(row.key), row.total, row.rank, row.judgement.grade) for row in chosen.rows
    ]
    assert schemes.frozen(published.scheme) == schemes.read(
        "department", published.scheme["name"], published.scheme, note=published.scheme["note"]
    )
    assert publishing.is_intact(Publication.objects.get(pk=published.pk))
    (record,) = history.records(publishing.chain_of(published))
    assert (record.verb, record.data["digest"]) == ("evaluation.published", published.digest)


def test_every_published_figure_keeps_its_cases(published, facts):
    for place in range(4):
        for part, name in (("of", "numerator"), ("over", "denominator")):
            kept = publishing.kept_cases(published, publishing.part_name(place, part))
            for row in published.rows.all():
                if row.figures[place][name] is not None:
                    assert len(kept.get(row.key, [])) == row.figures[place][name]
    late, exempted = (publishing.kept_cases(published, part) for part in ("late", "exempted"))
    assert all(len(late.get(row.key, [])) == row.late for row in published.rows.all())
    assert all(len(exempted.get(row.key, [])) == row.exempted for row in published.rows.all())
    assert sum(len(row.parts) for row in published.behind.all()) == 10
    assert published.behind.count() == 8  # 应结案 is the denominator of three lines and kept once


def test_tampering_shows(published):
    PublishedRow.objects.filter(publication=published, place=1).update(total=Decimal("99.99"))
    assert not publishing.is_intact(published)


def test_cases_that_were_taken_out_show(published):
    row = PublishedCases.objects.filter(publication=published).first()
    row.content = zlib.compress(b'{"keys": [], "counts": []}\n')
    row.save()
    assert not publishing.is_intact(published)


def test_it_is_published_once(published, evaluator):
    with pytest.raises(Conflict, match="已经发布"):
        publishing.publish("department", YEAR, "bureaus", by=evaluator)
    assert publishing.publish("department", YEAR, "townships", by=evaluator).version == 1


def test_a_period_that_is_not_over_is_refused(evaluator):
    with pytest.raises(UserError, match=r"2026-12-31 才结束") as refused:
        publishing.publish("department", spans.read("2026"), "bureaus", by=evaluator)
    assert refused.value.field == "period"
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("kind", "period", "group"), [("department", "1970-02", "bureaus"), ("post:receiver", "1999", "")]
)
def test_a_period_in_which_nobody_has_a_score_is_refused(evaluator, kind, period, group):
    with pytest.raises(UserError, match="没有可以评价的数据") as refused:
        publishing.publish(kind, spans.read(period), group, by=evaluator)
    assert refused.value.field == "period"
    assert not Publication.objects.exists()


def moved(facts, published):
    """A closed case of the frozen numerator is opened again; the facts as they are then."""
    chief = actor_for(User.objects.get(username="zhiban"))
    kept = publishing.kept_cases(published, "0/of")
    case = Case.objects.filter(pk__in=[pk for ids in kept.values() for pk in ids], stage="closed").first()
    take_step(case.pk, "reopen", by=chief, version=case.version, reason="复发")
    return case, Session(facts.files, facts.cursor, rows.read([case.pk]))


def test_what_happens_later_changes_nothing_that_was_published(published, evaluator, facts):
    frozen = list(published.rows.values())
    case, later = moved(facts, published)
    assert list(published.rows.values()) == frozen
    assert publishing.is_intact(published)
    corrected = publishing.correct(published, "案件重新立案", by=evaluator, facts=later)
    assert (corrected.version, corrected.reason) == (2, "案件重新立案")
    assert corrected.digest != published.digest
    key = str(case.main_department_id)
    old, new = (publishing.kept_cases(each, "0/of")[key] for each in (published, corrected))
    assert case.pk in old and case.pk not in new
    assert list(access.newest(Publication.objects.all())) == [corrected]
    with pytest.raises(Conflict, match="第 2 版"):
        publishing.correct(published, "再改", by=evaluator)


def test_differences_name_object_line_and_cases(published, facts):
    assert differences.compared(published).rows == ()
    case, later = moved(facts, published)
    found = differences.compared(published, facts=later)
    (row,) = [each for each in found.rows if each.lines]
    assert row.key == str(case.main_department_id)
    lines = {line.place: line for line in row.lines}
    was, now = lines[0].was, lines[0].now
    assert (was["numerator"] - now["numerator"], was["denominator"] - now["denominator"]) == (1, 1)
    # It is to be handled anew, and not late yet: the denominator has it no more.
    gone = differences.Moved((), (case.pk,))
    assert dict(lines[0].parts) == {"of": gone, "over": gone}
    assert published.rows.get(key=row.key).figures[0]["numerator"] == was["numerator"]


def test_differences_keep_to_the_published_scheme(published, evaluator):
    plan = schemes.shipped("department")
    only = replace(plan.rules.lines[0], weight=Decimal(100))
    schemes.save(replace(plan, rules=replace(plan.rules, lines=(only,))), YEAR.period.first, by=evaluator)
    assert len(evaluate("department", YEAR, region_code=published.region_code).figures) == 1
    assert differences.compared(published).rows == ()


def test_on_the_command_line(capsys):
    call_command("insight_evaluate", "post:dispatcher", "--period", "2025", "--json")
    said = json.loads(capsys.readouterr().out)
    (group,) = said["groups"]
    assert (said["kind"], said["from"], said["to"]) == ("post:dispatcher", "2025-01-01", "2025-12-31")
    result = evaluate("post:dispatcher", YEAR)
    assert [(each["key"], each["total"], each["rank"]) for each in group["objects"]] == [
        (row.key, None if row.total is None else float(row.total), row.rank) for row in result.groups[0].rows
    ]
    assert [line["indicator"] for line in group["objects"][0]["lines"]][0] == "dispatched"
    call_command("insight_evaluate", "department", "--period", "2025-11")
    assert "县直部门" in capsys.readouterr().out
    with pytest.raises(CommandError, match="“11”的区县，现有：990126"):
        call_command("insight_evaluate", "department", "--period", "2025", "--region", "11")
    call_command("insight_evaluate", "department", "--period", "2025", "--region", "990126")
    with pytest.raises(CommandError, match="area:township"):
        call_command("insight_evaluate", "weather")


def test_a_correction_needs_its_reason(published, evaluator):
    with pytest.raises(UserError) as refused:
        publishing.correct(published, "  ", by=evaluator)
    assert refused.value.field == "reason"


# --- roles ------------------------------------------------------------------------------------------------------------


def test_only_the_evaluator_publishes(published):
    for role, username in ((Role.LEADER, "lingdao"), (Role.RECEIVER, "shouli"), (Role.HANDLER, "zhifa")):
        actor = actor_for(User.objects.get(username=username))
        assert actor.has(role)
        with pytest.raises(NotAllowed):
            publishing.publish("department", YEAR, "townships", by=actor)
        with pytest.raises(NotAllowed):
            publishing.correct(published, "改", by=actor)


def test_a_department_sees_its_own_group_and_nobody_else(published, evaluator):
    townships = publishing.publish("department", YEAR, "townships", by=evaluator)
    bureau = actor_for(User.objects.get(username="zhifa"))
    assert list(access.visible_to(bureau)) == [published]
    assert access.rows_for(bureau, published).count() == published.rows.count()
    with pytest.raises(NotFound):
        access.publication_for(bureau, townships.pk)
    assert set(access.visible_to(evaluator)) == {published, townships}


def test_people_see_their_own_line(evaluator):
    result = publishing.publish("post:dispatcher", YEAR, by=evaluator)
    user = User.objects.get(pk=result.rows.first().key)
    other = User.objects.get(username="shouli")
    assert [row.key for row in access.rows_for(actor_for(user), result)] == [str(user.pk)]
    assert not access.visible_to(actor_for(other)).exists()
