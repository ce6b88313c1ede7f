from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from chengyun.casework.dispatch import queries
from chengyun.casework.dispatch.models import DutyRow, Outcome
from chengyun.casework.dispatch.services import Duty, add_duty, change_duty, remember, retire_duty
from chengyun.core import configuration
from chengyun.core.errors import Conflict, UserError
from chengyun.core.instants import SHANGHAI
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department
from chengyun.taxonomy.models import ConditionLimit, FilingCondition, MinorClass

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
CELL = ("990101001002003",)
TOWNSHIP = "990101001"
START = dt.date(2020, 1, 1)


def add(minor: MinorClass, department: Department, **fields: object) -> DutyRow:
    return add_duty(Duty(minor.pk, department.pk, **fields), valid_from=START)  # type: ignore[arg-type]


def chosen(minor: MinorClass, condition: FilingCondition | None = None, at: dt.datetime = NOON) -> int | None:
    proposal = queries.propose(minor, CELL, condition, at)
    return proposal and proposal.main_department_id


def severe(minor: MinorClass) -> FilingCondition:
    condition = FilingCondition.objects.create(minor=minor, number=9, text="倒伏", closing="修复", origin="本县")
    ConditionLimit.objects.create(condition=condition, amount=Decimal(1), unit="working_day")
    return condition


def test_an_empty_duty_list_proposes_nothing(lamps: MinorClass) -> None:
    assert queries.propose(lamps, CELL, None, NOON) is None


def test_the_row_of_the_class_is_proposed_with_its_reason(
    lamps: MinorClass, lighting: Department, power: Department
) -> None:
    row = add(lamps, lighting, co_department_ids=(power.pk,))
    proposal = queries.propose(lamps, CELL, None, NOON)
    assert proposal is not None
    assert (proposal.main_department_id, proposal.co_department_ids) == (lighting.pk, (power.pk,))
    assert proposal.reason == "权责清单：路灯异常，全县"
    assert proposal.duty_row_id == row.pk


def test_a_class_of_2013_is_answered_by_the_row_of_its_successor(
    lamps: MinorClass, old_lamps: MinorClass, lighting: Department
) -> None:
    add(lamps, lighting)
    assert chosen(old_lamps) == lighting.pk


def test_a_row_for_the_old_class_itself_comes_first(
    lamps: MinorClass, old_lamps: MinorClass, lighting: Department, power: Department
) -> None:
    add(lamps, lighting)
    add(old_lamps, power)
    assert (chosen(old_lamps), chosen(lamps)) == (power.pk, lighting.pk)


def test_the_smaller_area_wins(lamps: MinorClass, lighting: Department, township: Department) -> None:
    add(lamps, township, region_code=TOWNSHIP)
    add(lamps, lighting)
    assert chosen(lamps) == township.pk


def test_a_row_of_another_township_does_not_hold(lamps: MinorClass, township: Department) -> None:
    add(lamps, township, region_code="990101002")
    assert chosen(lamps) is None


def test_the_condition_wins_over_the_area(lamps: MinorClass, power: Department, township: Department) -> None:
    condition = severe(lamps)
    add(lamps, power, condition_id=condition.pk)
    add(lamps, township, region_code=TOWNSHIP)
    assert (chosen(lamps, condition), chosen(lamps)) == (power.pk, township.pk)


def test_a_row_holds_for_the_next_version_of_its_condition(lamps: MinorClass, power: Department) -> None:
    add(lamps, power, condition_id=severe(lamps).pk)
    changed = FilingCondition.objects.create(
        minor=lamps, number=9, version=2, text="断裂", closing="修复", origin="本县"
    )
    assert chosen(lamps, changed) == power.pk


def test_the_row_of_the_hour_wins(lamps: MinorClass, lighting: Department, township: Department) -> None:
    add(lamps, lighting)
    add(lamps, township, from_time=dt.time(11), to_time=dt.time(13))
    assert chosen(lamps) == township.pk
    assert chosen(lamps, at=NOON + dt.timedelta(hours=2)) == lighting.pk


def test_a_changed_row_takes_over_on_its_day(lamps: MinorClass, lighting: Department, power: Department) -> None:
    row = add(lamps, lighting)
    change_duty(row, Duty(lamps.pk, power.pk), valid_from=dt.date(2026, 11, 24))
    assert chosen(lamps) == lighting.pk
    assert chosen(lamps, at=NOON + dt.timedelta(days=1)) == power.pk


def test_of_two_people_who_change_a_row_the_second_is_told(lamps: MinorClass, lighting: Department) -> None:
    row = add(lamps, lighting)
    change_duty(DutyRow.objects.get(), Duty(lamps.pk, lighting.pk), valid_from=dt.date(2026, 11, 24))
    with pytest.raises(Conflict):
        change_duty(row, Duty(lamps.pk, lighting.pk), valid_from=dt.date(2026, 11, 24))
    assert DutyRow.objects.count() == 2


def test_a_retired_row_holds_to_its_last_day(lamps: MinorClass, lighting: Department) -> None:
    retire_duty(add(lamps, lighting), last_day=dt.date(2026, 11, 22))
    assert chosen(lamps) is None
    assert chosen(lamps, at=NOON - dt.timedelta(days=1)) == lighting.pk


def test_returns_lower_and_confirmations_raise_confidence(lamps: MinorClass, lighting: Department) -> None:
    add(lamps, lighting)
    before = queries.propose(lamps, CELL, None, NOON)
    remember(lamps, CELL, proposed_id=lighting.pk, chosen_id=lighting.pk)
    confirmed = queries.propose(lamps, CELL, None, NOON)
    remember(lamps, CELL, proposed_id=lighting.pk, chosen_id=lighting.pk, outcome=Outcome.RETURNED)
    returned = queries.propose(lamps, CELL, None, NOON)
    assert before and confirmed and returned
    assert returned.confidence < before.confidence < confirmed.confidence
    assert returned.reason.endswith("；本辖区以往采纳1次、退回或改派1次")


def test_passing_over_a_department_lowers_its_confidence(
    lamps: MinorClass, lighting: Department, power: Department
) -> None:
    add(lamps, lighting)
    remember(lamps, CELL, proposed_id=lighting.pk, chosen_id=power.pk)
    proposal = queries.propose(lamps, CELL, None, NOON)
    assert proposal is not None and proposal.confidence < queries.BASE


def test_experience_stays_in_its_township(lamps: MinorClass, lighting: Department) -> None:
    add(lamps, lighting)
    remember(lamps, ("990101002",), proposed_id=lighting.pk, chosen_id=lighting.pk, outcome=Outcome.RETURNED)
    proposal = queries.propose(lamps, CELL, None, NOON)
    assert proposal is not None and proposal.confidence == queries.BASE


def test_a_proposal_costs_two_statements(
    lamps: MinorClass, lighting: Department, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add(lamps, lighting)
    queries.propose(lamps, CELL, None, NOON)
    with django_assert_num_queries(2):
        queries.propose(lamps, CELL, None, NOON)


def test_nothing_goes_alone_unless_the_county_says_so(lamps: MinorClass, lighting: Department) -> None:
    add(lamps, lighting, auto_dispatch=True)
    proposal = queries.propose(lamps, CELL, None, NOON)
    assert proposal is not None
    assert not queries.may_go_alone(proposal)
    configuration.change(queries.THRESHOLD, 0.5, by=SYSTEM)
    assert queries.may_go_alone(proposal)


def test_a_threshold_outside_0_and_1_is_refused() -> None:
    with pytest.raises(UserError, match="0.01 到 1"):
        configuration.change(queries.THRESHOLD, 2, by=SYSTEM)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"region_code": "玉泉"}, "region_code"), ({"weekdays": "08"}, "weekdays"), ({"co": True}, "co_departments")],
)
def test_an_impossible_row_is_refused(
    lamps: MinorClass, lighting: Department, fields: dict[str, object], field: str
) -> None:
    values = {"co_department_ids": (lighting.pk,)} if "co" in fields else fields
    with pytest.raises(UserError) as error:
        add(lamps, lighting, **values)
    assert error.value.field == field
    assert not DutyRow.objects.exists()


counts = st.integers(0, 1000)


@given(st.floats(0, 1), counts, counts)
def test_confidence_is_a_share_and_moves_the_right_way(prior: float, confirmed: int, returned: int) -> None:
    now = queries.confidence(prior, queries.Experience(confirmed, returned))
    assert 0 <= now <= 1
    assert queries.confidence(prior, queries.Experience(confirmed + 1, returned)) >= now
    assert queries.confidence(prior, queries.Experience(confirmed, returned + 1)) <= now
