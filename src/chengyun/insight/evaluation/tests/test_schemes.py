"""Schemes: what is shipped, what is refused, which holds on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.core import instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.insight.evaluation import fines, objects, schemes
from chengyun.insight.evaluation.models import Scheme
from chengyun.insight.evaluation.objects import Group
from chengyun.insight.evaluation.scoring import Band, Rule
from chengyun.insight.figures import indicator as registry
from chengyun.insight.figures.catalogue import FILED
from chengyun.insight.figures.indicator import Indicator, Measure
from chengyun.people.access import SYSTEM

pytestmark = pytest.mark.django_db

D = Decimal
DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def moment():
    with instants.at(small.MONDAY):
        yield


def lines_of(kind):
    return {line.indicator: line for line in schemes.shipped(kind).rules.lines}


def changed(kind="department", *, rules=None, **fields):
    plan = schemes.shipped(kind)
    return replace(plan, rules=replace(plan.rules, **rules) if rules else plan.rules, **fields)


# --- shipped ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", objects.SCHEMES)
def test_every_shipped_scheme_can_be_saved(kind):
    row = schemes.save(schemes.shipped(kind), DAY, by=SYSTEM)
    assert schemes.plan_of(row).rules == schemes.shipped(kind).rules
    assert sum(line.weight for line in schemes.shipped(kind).rules.lines) == 100
    assert "本地口径" in row.note


def test_the_slips_of_the_source_are_not_repeated():
    receiver, chief, area = lines_of("receiver"), lines_of("duty_chief"), lines_of("area")
    # 受理员: 核实率 once, and not in the place of what cannot be measured.
    assert list(receiver) == ["acceptances", "verify_sent_rate"]
    assert "核查按时派发率（权重 35）不能计算" in str(schemes.shipped("receiver").note)
    # 值班长: 按时结案率 under its own weight, 35 of the remaining 75, not that of 按时立案率.
    assert {key: line.weight for key, line in chief.items()} == {
        "filing_accuracy": D("53.33"), "on_time_close_rate": D("46.67")
    }  # fmt: skip
    # 区域: 10 + 20 + 30 + 40.
    assert [line.weight for line in area.values()] == [10, 20, 30, 40]
    # What is better when it is less never adds up positively, in any scheme.
    for kind in objects.SCHEMES:
        plan = schemes.shipped(kind)
        for line, indicator in zip(plan.rules.lines, plan.indicators, strict=True):
            if indicator.better == registry.Better.LESS:
                assert line.rule in (Rule.DOWN, Rule.AT_MOST), (kind, line.indicator)


# --- fines never ------------------------------------------------------------------------------------------------------

FINES = [
    Indicator("fine_total", "罚款总额", "罚款之和", "元", "本地口径", FILED),
    Indicator("income", "收入", "入库", "万元", "本地口径", FILED),
    Indicator("paid_in", "罚没入库率", "入库 ÷ 决定", "%", "本地口径", FILED, FILED),
    Indicator("penalties_per_case", "案均金额", "合计 ÷ 案件", "", "本地口径", FILED, FILED),
    Indicator("amount", "案均", "合计", "", "本地口径", Measure("cases", "c.filed_at", "true", "c.fine_amount")),
]


@pytest.fixture(params=FINES, ids=lambda each: each.key)
def of_fines(request, monkeypatch):
    monkeypatch.setattr(registry, "_known", {**registry._known, request.param.key: request.param})
    return request.param


def test_money_from_fines_is_never_offered_nor_saved(of_fines):
    for kind in objects.SCHEMES:
        assert of_fines.key not in {each.key for each in objects.choices_for(kind)}
    first, *rest = schemes.shipped("department").rules.lines
    rule = Rule.UP if of_fines.is_share else Rule.AT_LEAST
    line = replace(first, indicator=of_fines.key, rule=rule, bands=(Band(D(1), D(100)),))
    with pytest.raises(UserError, match="第七十四条") as refused:
        schemes.save(changed(rules={"lines": (line, *rest)}), DAY, by=SYSTEM)
    assert refused.value.code == "fines"
    assert not Scheme.objects.exists()


def test_a_row_changed_by_hand_does_not_get_around_it(of_fines):
    row = schemes.save(schemes.shipped("department"), DAY, by=SYSTEM)
    content = {**row.content, "lines": [{**row.content["lines"][0], "indicator": of_fines.key}]}
    Scheme.objects.filter(pk=row.pk).update(content=content)
    with pytest.raises(UserError, match="第七十四条"):
        schemes.in_force("department", DAY)


def test_no_indicator_of_the_registry_is_taken_for_fines():
    assert [each.key for each in registry.indicators() if fines.is_of_fines(each)] == []


# --- what is wrong ----------------------------------------------------------------------------------------------------


def lines(*changes):
    """The shipped department's lines with the first changed."""
    first, *rest = schemes.shipped("department").rules.lines
    return {"lines": (replace(first, **dict(changes)), *rest)}


def bands(*pairs, rule=Rule.AT_MOST, rest="0"):
    made = tuple(Band(D(threshold), D(points)) for threshold, points in pairs)
    *others, last = schemes.shipped("department").rules.lines
    return {"lines": (*others, replace(last, rule=rule, bands=made, rest=D(rest)))}


def grades(*pairs, colour="green"):
    grade = schemes.shipped("department").rules.grades[0]
    return {"grades": tuple(replace(grade, name=name, limit=D(limit), colour=colour) for name, limit in pairs)}


@pytest.mark.parametrize(
    ("rules", "field", "words"),
    [
        ({"lines": ()}, "lines", "1 至 12 项"),
        (lines(("weight", D(29))), "lines", "合计为 99，应为 100"),
        (lines(("weight", D(0))), "lines", "大于 0"),
        (lines(("weight", D("30.001"))), "lines", "两位小数"),
        (lines(("indicator", "rework_rate")), "lines", "重复"),
        (lines(("indicator", "filed")), "lines", "不是比率"),
        (lines(("indicator", "open_late")), "lines", "不属于某个时段"),
        (bands(), "lines", "分档"),
        (bands((100, 90), (50, 100)), "lines", "从小到大"),
        (bands((50, 100), (100, 90), rule=Rule.AT_LEAST), "lines", "从大到小"),
        (bands((-50, 100), (0, 90)), "lines", "不会小于 0"),
        (bands((50, 90), (100, 100)), "lines", "依次不增"),
        (bands((50, 101)), "lines", "0 至 100"),
        (bands((50, 50), rest="60"), "lines", "依次不增"),
        (grades(("A", 90)), "grades", "2 至 8"),
        (grades(("A", 90), ("B", 60)), "grades", "从 0 起"),
        (grades(("A", 60), ("B", 90), ("C", 0)), "grades", "从高到低"),
        (grades(("A", 60), ("A", 0)), "grades", "不能重复"),
        (grades(("A", 60), ("", 0)), "grades", "不能为空"),
        (grades(("A", 60), ("B", 0), colour="#f00"), "grades", "颜色"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(rules, field, words):
    with pytest.raises(UserError, match=words) as refused:
        schemes.save(changed(rules=rules), DAY, by=SYSTEM)
    assert refused.value.field == field
    assert not Scheme.objects.exists()


def test_an_indicator_of_cases_does_not_suit_a_person():
    line = replace(schemes.shipped("receiver").rules.lines[0], indicator="accepted", weight=D(100))
    with pytest.raises(UserError, match="不能归到经办人"):
        schemes.check(changed("receiver", rules={"lines": (line,)}))
    assert "accepted" not in {each.key for each in objects.choices_for("receiver")}


def test_a_department_stands_in_one_group():
    groups = (Group("a", "甲", (), (3, 4)), Group("b", "乙", (), (4,)))
    with pytest.raises(UserError, match="一个分组") as refused:
        schemes.check(changed(groups=groups))
    assert refused.value.field == "groups"


# --- dated ------------------------------------------------------------------------------------------------------------


def test_the_scheme_of_a_day_is_the_last_that_holds_by_then():
    assert schemes.in_force("department", DAY).pk is None
    old = schemes.save(changed(name="旧"), dt.date(2026, 1, 1), by=SYSTEM)
    new = schemes.save(changed(name="新"), dt.date(2026, 4, 1), by=SYSTEM)
    again = schemes.save(changed(name="再新"), dt.date(2026, 4, 1), by=SYSTEM)
    days = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 3, 31), dt.date(2026, 4, 1)]
    assert [schemes.in_force("department", day).pk for day in days] == [None, old.pk, old.pk, again.pk]
    assert schemes.versions("department") == [again, new, old]
    assert schemes.in_force("area", DAY).pk is None


@pytest.mark.parametrize("day", ("2026-03-01", "2028-01-01", "9999-12-31", "0001-01-01"))
def test_a_scheme_begins_neither_before_it_is_known_nor_in_years_to_come(day):
    first = schemes.save(changed(name="旧"), dt.date(2025, 1, 1), by=SYSTEM)
    with pytest.raises(UserError, match="2026-03-02 至 2027-12-31") as refused:
        schemes.save(changed(name="新"), dt.date.fromisoformat(day), by=SYSTEM)
    assert refused.value.field == "valid_from"
    schemes.save(changed(name="新"), DAY, by=SYSTEM)
    assert schemes.in_force("department", dt.date(2026, 3, 1)).pk == first.pk


def test_only_a_countys_first_scheme_reaches_back_and_no_further_than_last_year():
    with pytest.raises(UserError, match="2025-01-01 至 2027-12-31"):
        schemes.save(changed(), dt.date(2024, 12, 31), by=SYSTEM)
    schemes.save(changed(), dt.date(2025, 1, 1), by=SYSTEM)
    schemes.save(schemes.shipped("area"), dt.date(2025, 1, 1), by=SYSTEM)
    schemes.save(changed(), dt.date(2025, 1, 1), by=replace(SYSTEM, region_codes=("990127",)))


def test_the_county_next_door_has_its_own():
    schemes.save(schemes.shipped("area"), DAY, by=replace(SYSTEM, region_codes=("990127",)))
    assert schemes.in_force("area", DAY, "990126").pk is None
    assert schemes.in_force("area", DAY, "990127").pk is not None


def test_only_the_evaluator_writes():
    county = small.build()
    for name in ("leader", "chief", "supervisor", "handler"):
        with pytest.raises(NotAllowed, match="考核员"):
            schemes.save(schemes.shipped("area"), DAY, by=county.actor(name))
    assert schemes.save(schemes.shipped("area"), DAY, by=county.actor("evaluator")).made_by


def test_a_removed_indicator_is_named():
    row = schemes.save(schemes.shipped("department"), DAY, by=SYSTEM)
    Scheme.objects.update(content={**row.content, "lines": [{**row.content["lines"][0], "indicator": "gone"}]})
    with pytest.raises(UserError, match="gone"):
        schemes.in_force("department", DAY)
