from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from chengyun.core.errors import UserError
from chengyun.taxonomy import queries
from chengyun.taxonomy.models import ConditionLimit, FilingCondition, MinorClass
from chengyun.taxonomy.services.data import EDITION_2013, EDITION_2026
from chengyun.taxonomy.services.state import announce

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _no_conditions(catalogues: None, db: None) -> None:
    FilingCondition.objects.all().delete()


def minor(standard: str, kind: str, code: str) -> MinorClass:
    return MinorClass.objects.get(standard__code=standard, kind=kind, code=code)


def condition_of(owner: MinorClass, number: int = 1, **fields: object) -> FilingCondition:
    values = {"text": f"第{number}种情形", "closing": "恢复", "origin": "本县"} | fields
    condition = FilingCondition.objects.create(minor=owner, number=number, **values)
    ConditionLimit.objects.create(condition=condition, amount=Decimal(2), unit="working_day")
    announce("test")
    return condition


def test_a_class_of_2013_became_its_successor() -> None:
    now = queries.current_class(minor(EDITION_2013, "matter", "0110"))
    assert now == minor(EDITION_2026, "matter", "06010")


def test_a_class_without_successor_has_no_current_class() -> None:
    assert queries.current_class(minor(EDITION_2013, "matter", "0407")) is None


def test_where_the_edition_has_no_successor_the_countys_own_counts() -> None:
    assert queries.current_class(minor(EDITION_2013, "matter", "0505")) == minor("LOCAL", "matter", "99995")


def test_a_class_of_today_is_its_own_current_class() -> None:
    today = minor(EDITION_2026, "matter", "06010")
    assert queries.current_class(today) == today
    assert not queries.class_then_and_now(today).differs


def test_a_part_of_2013_is_filed_as_the_matter_of_its_successor() -> None:
    assert queries.filing_class(minor(EDITION_2013, "part", "0137")) == minor(EDITION_2026, "matter", "01037")


def test_conditions_are_found_through_the_mapping() -> None:
    condition = condition_of(minor(EDITION_2026, "matter", "01037"))
    assert queries.conditions_for(minor(EDITION_2013, "part", "0137"), DAY) == [condition]


def test_own_conditions_come_before_those_of_the_successor() -> None:
    condition_of(minor(EDITION_2026, "matter", "06010"))
    own = condition_of(minor(EDITION_2013, "matter", "0110"))
    assert queries.conditions_for(minor(EDITION_2013, "matter", "0110"), DAY) == [own]


def test_the_newest_version_valid_on_the_day_counts() -> None:
    today = minor(EDITION_2026, "matter", "06010")
    first = condition_of(today, valid_to=dt.date(2026, 6, 30))
    second = condition_of(today, version=2, valid_from=dt.date(2026, 7, 1))
    assert queries.conditions_for(today, dt.date(2026, 6, 30)) == [first]
    assert queries.conditions_for(today, dt.date(2026, 7, 1)) == [second]


def test_a_limit_is_that_of_the_area_class_else_the_default() -> None:
    condition = condition_of(minor(EDITION_2026, "matter", "06010"))
    ConditionLimit.objects.create(condition=condition, area_class="A", amount=Decimal(1), unit="working_hour")
    assert queries.limit_for(condition, "A").unit == "working_hour"
    assert queries.limit_for(condition, "C").unit == "working_day"


def test_a_condition_without_limit_says_so() -> None:
    condition = condition_of(minor(EDITION_2026, "matter", "06010"))
    ConditionLimit.objects.all().delete()
    with pytest.raises(UserError, match="没有默认时限"):
        queries.limit_for(condition)


def test_a_question_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    old = minor(EDITION_2013, "part", "0137")
    condition_of(minor(EDITION_2026, "matter", "01037"))
    queries.conditions_for(old, DAY)
    with django_assert_num_queries(1):
        [condition] = queries.conditions_for(old, DAY)
        queries.limit_for(condition)
