"""Plans and targets are set: what cannot be is refused by name, and Excel does what the pages do."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from chengyun.core import instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.demo import small
from chengyun.insight.figures.catalogue import INDICATORS
from chengyun.insight.figures.indicator import Better, Indicator
from chengyun.insight.targets import access, services
from chengyun.insight.targets.models import Plan, PlanTarget
from chengyun.people.access import SYSTEM, Actor
from chengyun.people.models import RegisterChange
from chengyun.people.register import history
from chengyun.people.registers.telling import told_history
from chengyun.people.roles import Role
from chengyun.people.tests.books import applied, exported, put, told, uploaded

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 4, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 4)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Built once; each test has its own copy, and what it changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic(), instants.at(NOW):
        yield small.build()
        transaction.set_rollback(True)


@pytest.fixture
def county(built):
    with instants.at(NOW):
        yield deepcopy(built)


@pytest.fixture
def evaluator(county):
    return county.actor(Role.EVALUATOR)


@pytest.fixture
def bureau(county):
    return county.departments["HW"]


@pytest.fixture
def plan(evaluator):
    return services.add_plan(by=evaluator, name="2025 年目标", year=2025)


@pytest.fixture
def browser(county, client):
    client.force_login(county.users[Role.EVALUATOR], backend="django.contrib.auth.backends.ModelBackend")
    return client


def aim(plan, indicator="closed", span="2025", wanted="10", **more):
    return services.add_target(by=SYSTEM, plan=plan, indicator=indicator, span=span, wanted=Decimal(wanted), **more)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.DUTY_CHIEF, Role.SYSTEM_ADMIN])
def test_others_do_not_set_targets(plan, county, role):
    aim(plan)
    actor = county.actor(role)
    for change in (
        lambda: services.add_plan(by=actor, name="另一份", year=2026),
        lambda: services.change_plan(plan, by=actor, name="改名"),
        lambda: services.change_target(plan.targets.first(), by=actor, wanted=Decimal(1)),
        lambda: services.end_target(plan.targets.first(), by=actor, last_day=TODAY),
    ):
        with pytest.raises(NotAllowed):
            change()


# --- what cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"indicator": "filed"}, "indicator", "无所谓好坏"),
        ({"indicator": "lamp_red"}, "indicator", "只反映现在"),
        ({"indicator": "open_late"}, "indicator", "只反映现在"),
        ({"indicator": "nothing"}, "indicator", "没有"),
        ({"indicator": "closing_rate", "wanted": "101"}, "wanted", "0 到 100"),
        ({"wanted": "-1"}, "wanted", "小于 0"),
        ({"wanted": "9.5"}, "wanted", "整数"),
        ({"tolerance": Decimal(-1)}, "tolerance", "小于 0"),
        ({"indicator": "closing_rate", "wanted": "98", "tolerance": Decimal(500)}, "tolerance", "0 到 100"),
        ({"indicator": "rework_rate", "wanted": "5", "tolerance": Decimal(101)}, "tolerance", "0 到 100"),
        ({"indicator": "closed", "tolerance": Decimal(11)}, "tolerance", "比目标值还大"),
        ({"span": "2026-03"}, "span", "2025 年的计划"),
        ({"span": "三月"}, "span", "2026-Q1"),
        ({"township_code": "990126999"}, "township_code", "990126999"),
    ],
)
def test_what_cannot_be_a_target_is_refused_by_name(plan, given, field, said):
    before = PlanTarget.objects.count()
    with pytest.raises(UserError, match=said) as refused:
        aim(plan, **{"indicator": "late", "span": "2025-04", **given})
    assert refused.value.field == field
    assert PlanTarget.objects.count() == before


def test_money_is_no_target(plan, monkeypatch):
    fines = Indicator("fines", "罚没金额", "罚没款之和", "元", "本地口径", INDICATORS[0].of, None, Better.MORE)
    monkeypatch.setattr("chengyun.insight.targets.services.find", lambda key: fines)
    with pytest.raises(UserError, match="行政处罚法第七十四条"):
        aim(plan, "fines")


def test_nothing_is_wanted_twice(plan, bureau, evaluator):
    first = aim(plan, "late", "2025-04", department=bureau)
    other = services.add_plan(by=evaluator, name="另一份", year=2025)
    with pytest.raises(UserError, match=f"{plan.name}.*超期数（原始） 2025-04"):
        aim(other, "late", "2025-04", department=bureau)
    aim(plan, "late", "2025-04")
    services.end_target(first, by=SYSTEM, last_day=TODAY)
    with instants.at(NOW + dt.timedelta(days=1)):
        assert aim(other, "late", "2025-04", department=bureau).pk


def test_a_target_is_of_one_object_in_the_database_too(plan, bureau):
    target = aim(plan, "late", "2025-04", department=bureau)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTarget.objects.filter(pk=target.pk).update(subject_kind="county")


def test_the_year_of_a_plan_with_targets_stays(plan, evaluator):
    services.add_plan(by=evaluator, name="2026 年目标", year=2026)
    aim(plan)
    with pytest.raises(UserError, match="2025 年的目标"):
        services.change_plan(plan, by=SYSTEM, year=2026)
    with pytest.raises(UserError, match="已有名为"):
        services.change_plan(plan, by=SYSTEM, name="2026 年目标")


def test_who_changed_what_is_told(plan, evaluator):
    target = aim(plan, "late", "2025-04", "20")
    services.change_target(target, by=evaluator, wanted=Decimal("18"), note="县长办公会议定")
    assert services.change_target(target, by=evaluator, wanted=Decimal("18.00")) and len(history(target)) == 2
    told_now = told_history([target])[0]
    assert (told_now.by, told_now.what) == (evaluator.name, "修改")
    assert set(told_now.fields) == {"目标值：20 → 18", "备注：（空） → 县长办公会议定"}


def test_who_saves_later_undoes_nothing_unseen(browser, plan, evaluator):
    target = aim(plan, "late", "2025-04", "20")
    page = f"/registers/targets/{target.pk}"
    shown = browser.get(page).context
    stale = {
        "wanted": "20.00",
        "tolerance": "",
        "note": "县长办公会议定",
        shown["seen"]["name"]: shown["seen"]["print"],
    }
    services.change_target(target, by=evaluator, wanted=Decimal(18))
    refused = browser.post(page, stale)
    target.refresh_from_db()
    assert (target.wanted, target.note) == (18, "")
    assert f"{evaluator.name}在您打开之后改过这一行（目标值：20 → 18）" in refused.text
    assert 'value="县长办公会议定"' in refused.text
    seen = refused.context["seen"]
    for _pressed in range(2):
        assert browser.post(page, stale | {seen["name"]: seen["print"], "wanted": "18"}).status_code == 302
    target.refresh_from_db()
    assert (target.wanted, target.note) == (18, "县长办公会议定")


# --- many at once -----------------------------------------------------------------------------------------------------


def test_many_come_in_from_excel_and_go_out_as_they_stand(browser, plan, evaluator):
    aim(plan, "closing_rate", wanted="98")
    book = exported(browser, "targets")
    assert told(uploaded(browser, "targets", book)) == []
    cells = {"计划": plan.name, "指标": "按期处置率", "时段": "2025-Q1", "目标值": "91.5", "容差": "1"}
    put(book, "目标", 0, **cells)
    put(book, "目标", 0, **cells, 部门="HW")
    put(book, "目标", 2, 目标值="97.5")
    page = uploaded(browser, "targets", book)
    assert sorted(kind for kind, _label, _fields in told(page)) == ["added", "added", "changed"]
    applied(browser, "targets", page)
    made = PlanTarget.objects.get(plan=plan, span_kind="quarter", department__code="HW")
    assert (made.wanted, made.tolerance, str(made.span), made.at_least) == (Decimal("91.50"), 1, "2025-Q1", True)
    assert RegisterChange.objects.get(chain=f"plantarget:{made.pk}").by_name == evaluator.name
    assert told(uploaded(browser, "targets", exported(browser, "targets"))) == []


def test_bad_lines_are_told_by_line_and_column(browser, plan):
    book = exported(browser, "targets")
    last = book["目标"].max_row
    good = {"计划": plan.name, "指标": "结案率", "时段": "2025-02", "目标值": "98"}
    for bad in ({"指标": "立案数"}, {"时段": "2月"}, {"目标值": "九十"}, {"目标值": "120"}, {"计划": "没有的计划"}):
        put(book, "目标", 0, **good | bad)
    faults = uploaded(browser, "targets", book).context["found"].faults
    assert [(each.row - last, each.column) for each in faults] == [
        (1, "指标"), (2, "时段"), (3, "目标值"), (4, "目标值"), (5, "计划"),
    ]  # fmt: skip
    assert "无所谓好坏" in faults[0].message


@pytest.mark.parametrize(("out", "back"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_a_file_is_the_same_in_every_language(browser, plan, out, back):
    aim(plan, "closing_rate", wanted="98")
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = out
    book = exported(browser, "targets")
    assert [row[1].value for row in book["目标"].iter_rows(min_row=2)] == ["结案率"]
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = back
    assert told(uploaded(browser, "targets", book)) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("written", ["结案率", "Closing rate", "closing_rate"])
def test_an_indicator_is_read_by_each_of_its_names(browser, plan, language, written):
    aim(plan, "closing_rate", wanted="98")
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    book = exported(browser, "targets")
    put(book, "目标", 2, 指标=written, 目标值="97")
    [(kind, label, [field])] = told(uploaded(browser, "targets", book))
    assert (kind, field) == ("changed", ("目标值", "98", "97"))


def test_an_unknown_indicator_is_answered_with_those_that_can_have_a_target(browser, plan):
    book = put(exported(browser, "targets"), "目标", 0, 计划=plan.name, 指标="没有的", 时段="2025-02", 目标值="98")
    (fault,) = uploaded(browser, "targets", book).context["found"].faults
    assert "没有“没有的”" in fault.message and "结案率" in fault.message
    assert "立案数" not in fault.message and "派遣数" not in fault.message


def test_what_will_be_refused_is_not_offered(browser, plan, evaluator):
    aim(plan, "closed", "2025-03")
    book = exported(browser, "targets")
    for span in ("2026-03", "2025-03"):
        put(book, "目标", 0, 计划=plan.name, 指标="结案数", 时段=span, 目标值="98", 备注="x")
    last = book["目标"].max_row
    put(book, "目标", last, 计划=services.add_plan(by=evaluator, name="又一份", year=2025).name)
    faults = uploaded(browser, "targets", book).context["found"].faults
    assert [each.column for each in faults] == ["时段", "指标"]
    assert "2025 年的计划" in faults[0].message and "已有这个对象" in faults[1].message


def test_the_centre_next_door_leaves_the_plan_alone(plan, evaluator):
    Plan.objects.filter(pk=plan.pk).update(region_code="990102")
    target = aim(Plan.objects.get(pk=plan.pk))
    assert target not in access.visible_to(evaluator)
    with pytest.raises(NotAllowed, match="别的区县"):
        services.change_target(target, by=evaluator, wanted=Decimal(1))
    whole = Actor(1, "市级", frozenset({Role.LEADER}), county_wide=True)
    assert target in access.visible_to(whole)
    assert services.change_target(target, by=whole, wanted=Decimal(1)).wanted == 1
