"""Plans and targets over the demo county's year: recomputed by plain rows, each within one's own view."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.casework.cases.models import Case
from chengyun.core import instants
from chengyun.insight.figures import links, pages
from chengyun.insight.figures.indicator import PER_CENT, find
from chengyun.insight.figures.measuring import Question, measure
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import region_scope
from chengyun.insight.targets import access, lines, queries, services, trends
from chengyun.insight.targets.models import Plan, PlanTarget
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Department, Scope, User
from chengyun.people.tokens import create_token
from chengyun.regions.queries import townships

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]

TODAY = dt.date(2026, 5, 20)


def person(client, name):
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def aim(plan, indicator="closed", span="2025", wanted="10", **more):
    return services.add_target(by=SYSTEM, plan=plan, indicator=indicator, span=span, wanted=Decimal(wanted), **more)


def told_of(actor, *targets, day=TODAY):
    rows = PlanTarget.objects.filter(pk__in=[each.pk for each in targets]).select_related("plan", "department")
    return {line.target.pk: line for line in lines.lines_of(actor, list(rows.order_by("pk")), day)}


def some(plan):
    """Of each kind: counts, shares, means and a stock, of county, bureau and township, of year, quarter and month."""
    bureau, town = Department.objects.get(code="HW"), townships()[3][0]
    return [
        aim(plan, "closed", "2025-07"),
        aim(plan, "closed", "2025-Q3", department=bureau),
        aim(plan, "closed", "2025", township_code=town),
        aim(plan, "late", "2025-Q2"),
        aim(plan, "reworked", "2025-06", department=bureau),
        aim(plan, "open", "2025-09"),
        aim(plan, "open", "2025-03", department=bureau),
        aim(plan, "mean_handling_hours", "2025-Q1", department=bureau),
        aim(plan, "rework_rate", "2025-10", "3", township_code=town),
        aim(plan, "on_time_check_rate", "2025-Q4", "90"),
        aim(plan, "return_rate", "2025-Q4", "5", department=bureau),
        aim(plan, "valid_report_rate", "2025-02", "90", township_code=town),
    ]


# --- true -------------------------------------------------------------------------------------------------------------


def test_each_figure_is_what_it_is_alone(plan, facts):
    some(plan)
    made = list(plan.targets.all())
    found = told_of(SYSTEM, *made)
    assert len(found) == len(made) > 24
    for target in made:
        question = Question(target.period, region_scope(plan.region_code), target.subject.where)
        alone = measure(facts, find(target.indicator), question).total
        value = found[target.pk].value
        assert (value.numerator, value.denominator) == pytest.approx((alone.numerator, alone.denominator)), str(target)
        assert value.value == pytest.approx(alone.value)


def test_the_cases_closed_are_those_of_the_database(plan):
    bureau = Department.objects.get(code="HW")
    target = aim(plan, "closed", "2025-Q3", department=bureau)
    days = [instants.civil_day(at) for at in closed_at(main_department=bureau)]
    expected = sum(dt.date(2025, 7, 1) <= day <= dt.date(2025, 9, 30) for day in days)
    line = told_of(SYSTEM, target)[target.pk]
    assert 0 < expected == line.value.value
    assert line.judged.deviation == expected - 10


def test_the_trend_is_the_cases_month_by_month(plan, facts):
    target = aim(plan, "closed", "2025-04")
    rows = list(PlanTarget.objects.filter(plan=plan, indicator="closed").select_related("plan", "department"))
    found = lines.measure(rows, TODAY, trends=True)
    (trend,), left_out = trends.trends_of(
        [line for line in lines.told(SYSTEM, rows, found, TODAY) if line.target == target], rows, found, TODAY
    )
    months = [instants.civil_day(at) for at in closed_at()]
    done, wanted = (series["values"] for series in trend.chart["series"])
    assert done == [sum((day.year, day.month) == (2025, month) for day in months) for month in range(1, 13)]
    # The year's sum is no month's target; April's own is.
    assert wanted == [None] * 3 + [10] + [None] * 8
    assert left_out == 0


def test_the_trend_of_a_stock_is_what_was_open_at_the_end_of_each_month(plan):
    target = aim(plan, "open", "2025")
    found = lines.measure([target], TODAY, trends=True)
    ends = [instants.start_of_day(dt.date(2025 + month // 12, month % 12 + 1, 1)) for month in range(1, 13)]
    rows = Case.objects.exclude(filed_at=None).values_list("filed_at", "ended_at")
    expected = [sum(filed < end and (ended is None or ended >= end) for filed, ended in rows) for end in ends]
    assert max(expected) > 0
    assert found.months(target, TODAY) == expected


def closed_at(**narrow):
    return Case.objects.filter(stage="closed", **narrow).values_list("closed_at", flat=True)


def test_a_running_count_is_compared_with_the_working_days_that_are_over(evaluator):
    plan = Plan.objects.get(year=2026)
    target = aim(plan, "closed", "2026-05", "180", department=Department.objects.get(code="JS"))
    # May 2026: 19 working days (1–5 May is a holiday, Saturday the 9th is worked), eleven of them before the 20th.
    line = told_of(evaluator, target)[target.pk]
    assert line.judged.elapsed == pytest.approx(11 / 19)
    assert line.judged.deviation == pytest.approx(line.value.value - 180 * 11 / 19)
    assert line.judged.state == "behind"


# --- flat -------------------------------------------------------------------------------------------------------------


def test_many_targets_cost_no_more_questions_than_few(plan, facts, evaluator, monkeypatch):
    asked = []
    first = type(facts).ask
    monkeypatch.setattr(type(facts), "ask", lambda *given: (asked.append(given[1]), first(*given))[1])

    def costs():
        asked.clear()
        with CaptureQueriesContext(connection) as captured:
            rows = list(queries.found(evaluator, queries.Wish(2025)))
            told = lines.lines_of(evaluator, rows, TODAY)
        return len(told), len(captured), len(asked)

    bureau, towns = Department.objects.get(code="HW"), [code for code, _name in townships()]
    aim(plan, "closed", "2025-01", department=bureau)
    aim(plan, "closed", "2025-01", township_code=towns[0])
    aim(plan, "open", "2025-01", department=bureau)
    costs()  # what a process remembers, such as the calendar
    few, *of_few = costs()
    for number in range(2, 13):
        aim(plan, "closed", f"2025-{number:02}")
        aim(plan, "closed", f"2025-{number:02}", department=bureau)
        aim(plan, "open", f"2025-{number:02}", department=bureau)
        for code in towns:
            aim(plan, "closed", f"2025-{number:02}", township_code=code)
    many, *of_many = costs()
    assert many > 6 * few
    assert of_many == of_few
    assert of_few[1] < 20


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_bureau_reads_its_own_and_the_countys(plan):
    bureau, other = Department.objects.get(code="HW"), Department.objects.get(code="JS")
    reader = actor_for(User.objects.get(username="huanwei"))
    own, theirs, county = aim(plan, department=bureau), aim(plan, department=other), aim(plan, span="2025-03")
    seen = access.visible_to(reader)
    assert {own, county} <= set(seen) and theirs not in seen
    assert theirs in access.visible_to(actor_for(User.objects.get(username="lingdao")))
    found = told_of(reader, own, county)
    # The county's cases are not his to open; his own are, and they are as many as the figure says.
    assert found[county.pk].url == "" and found[county.pk].value.value > 0
    assert opened(reader, found[own.pk]) == found[own.pk].value.value > 0


def test_a_township_reads_its_own(plan):
    (code, _name), (other, _other) = townships()[:2]
    handlers = User.objects.filter(appointments__post__department__region_code=code, is_active=True)
    reader = next(each for each in map(actor_for, handlers) if each.has("handler") and not each.county_wide)
    own, theirs = aim(plan, township_code=code), aim(plan, township_code=other)
    assert own in access.visible_to(reader) and theirs not in access.visible_to(reader)
    line = told_of(reader, own)[own.pk]
    assert opened(reader, line) == line.value.value > 0


def test_the_link_of_the_centre_opens_what_was_counted(plan, evaluator):
    for line in told_of(evaluator, *some(plan)).values():
        assert opened(evaluator, line) == pytest.approx(line.value.value)


def opened(actor, line):
    """The figure of the page that the link leads to; the cases listed there are its rows."""
    path, _question, query = line.url.partition("?")
    assert path == f"/figures/{line.target.indicator}/"
    return pages.page_of(actor, line.indicator, links.read(QueryDict(query), by=actor)).figure.total.value


# --- page, file, API --------------------------------------------------------------------------------------------------


def test_the_page_shows_filters_and_exports(client, plan):
    aim(plan, "closed", "2025-Q3", "1", department=Department.objects.get(code="HW"))
    aim(plan, "closed", "2025-Q4", "99999", department=Department.objects.get(code="HW"))
    browser = person(client, "kaohe")
    whole = browser.get("/targets/?year=2025")
    assert len(whole.context["lines"]) == plan.targets.count()
    assert "工作日" in whole.text and 'kind="line"' in whole.text
    some_lines = browser.get(f"/targets/?year=2025&span=quarter&subject=department:{hw()}").context["lines"]
    assert [line.state for line in some_lines] == ["已达到", "落后"]
    query = f"?year=2025&span=quarter&subject=department:{hw()}&deviating=1"
    assert [str(line.target.span) for line in browser.get(f"/targets/{query}").context["lines"]] == ["2025-Q4"]
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(browser.post(reverse("exports:make", args=["targets"]) + query)))
    ).active
    heads, *rows = sheet.iter_rows(values_only=True)
    assert [dict(zip(heads, row, strict=True)) | {} for row in rows] == [
        {"计划": plan.name, "指标": "结案数", "对象": "环卫中心", "时段": "2025-Q4", "方向": "不低于", "目标值": 99999,
         "单位": "件", "完成值": some_lines[1].value.value, "分子": some_lines[1].value.value, "分母": None,
         "比较基准": 99999, "偏差": some_lines[1].value.value - 99999, "状态": "落后",
         "责任单位": "指挥中心", "备注": None}
    ]  # fmt: skip


def hw():
    return Department.objects.get(code="HW").pk


def test_what_an_address_cannot_ask_is_said(client):
    browser = person(client, "kaohe")
    for query in ("year=abc", "span=week", "subject=cell:3", "subject=department:x", "indicator=zz",
                  "year=99999999999999999999"):  # fmt: skip
        answer = browser.get(f"/targets/?{query}")
        assert answer.status_code == 422 and answer.context["fault"], query


def test_lines_are_paged_by_their_target(client, plan, monkeypatch):
    monkeypatch.setattr("chengyun.insight.targets.views.PAGE", 5)
    browser, seen, address = person(client, "kaohe"), [], "?year=2025"
    while address:
        context = browser.get(f"/targets/{address}").context
        seen += [line.target.pk for line in context["lines"]]
        address = context["older_url"]
    assert len(seen) == len(set(seen)) == plan.targets.count() > 10


def test_a_program_reads_what_its_user_sees(client, plan):
    bureau = Department.objects.get(code="HW")
    own = aim(plan, wanted="5", department=bureau)
    theirs = aim(plan, department=Department.objects.get(code="JS"))
    _token, secret = create_token("huanwei", by=SYSTEM, name="目标", scopes=[Scope.CASES_READ])
    answer = client.get("/api/v1/targets?year=2025", headers={"Authorization": f"Bearer {secret}"}).json()
    found = {each["id"]: each for each in answer["targets"]}
    line = told_of(SYSTEM, own)[own.pk]
    assert theirs.pk not in found
    assert {name: found[own.pk][name] for name in ("value", "wanted", "state", "span", "department", "at_least")} == {
        "value": line.value.value, "wanted": 5, "state": "reached", "span": "2025", "department": bureau.pk,
        "at_least": True,
    }  # fmt: skip


def test_a_program_that_asks_for_what_there_is_not_is_told(client, plan):
    _token, secret = create_token("huanwei", by=SYSTEM, name="目标", scopes=[Scope.CASES_READ])
    answer = client.get("/api/v1/targets?indicator=zz", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 400 and "没有“zz”这个指标" in answer.text


def test_targets_of_a_module_that_is_gone_are_still_found(plan):
    target = aim(plan, wanted="5", department=Department.objects.get(code="HW"))
    PlanTarget.objects.filter(pk=target.pk).update(indicator="gone")
    wish = queries.wish_of(SYSTEM, {"year": "2025", "indicator": "gone"})
    assert [row.pk for row in queries.found(SYSTEM, wish)] == [target.pk]


def test_the_demo_plan_says_that_it_is_the_demos_own(plan):
    assert "不是国家或行业规定" in plan.words
    assert {each.indicator for each in plan.targets.all()} >= {"closing_rate", "on_time_handling_rate", "closed"}
    assert all(each.wanted <= 100 for each in plan.targets.all() if each.unit == PER_CENT)
    assert Period(plan.targets.first().first, plan.targets.first().last).first.year == 2025
