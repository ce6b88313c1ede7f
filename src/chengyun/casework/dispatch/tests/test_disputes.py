from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.dispatch import queries
from chengyun.casework.dispatch.models import DecidedDispute
from chengyun.casework.dispatch.services import Duty, add_duty, check_return, decide
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department
from chengyun.taxonomy.models import MinorClass

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
CELL = ("990101001002003",)


@pytest.fixture(autouse=True)
def _noon() -> object:
    with instants.at(NOON):
        yield


def proposed(minor: MinorClass, codes: tuple[str, ...] = CELL) -> queries.Proposal:
    proposal = queries.propose(minor, codes, None, NOON)
    assert proposal is not None
    return proposal


def test_a_decided_dispute_overrides_the_duty_list(lamps: MinorClass, lighting: Department, power: Department) -> None:
    add_duty(Duty(lamps.pk, lighting.pk, co_department_ids=(power.pk,)), valid_from=dt.date(2020, 1, 1))
    decide(lamps, "990101001", power.pk, by=SYSTEM, reason="供电所有")
    proposal = proposed(lamps)
    assert (proposal.main_department_id, proposal.co_department_ids) == (power.pk, ())
    assert (proposal.confidence, proposal.is_decided) == (1.0, True)
    assert proposal.reason == "争议裁定：供电所有"


def test_a_decision_holds_only_in_its_area(lamps: MinorClass, lighting: Department, power: Department) -> None:
    add_duty(Duty(lamps.pk, lighting.pk), valid_from=dt.date(2020, 1, 1))
    decide(lamps, "990101001", power.pk, by=SYSTEM, reason="供电所有")
    assert proposed(lamps, ("990101002001001",)).main_department_id == lighting.pk


def test_the_smaller_area_wins(lamps: MinorClass, lighting: Department, power: Department) -> None:
    decide(lamps, "990101001", power.pk, by=SYSTEM, reason="供电所有")
    decide(lamps, "", lighting.pk, by=SYSTEM, reason="统一管护")
    assert proposed(lamps).main_department_id == power.pk


def test_a_decided_dispute_cannot_be_returned(lamps: MinorClass, power: Department) -> None:
    decide(lamps, "990101001", power.pk, by=SYSTEM, reason="供电所有")
    with pytest.raises(UserError, match="已经裁定"):
        check_return(lamps, CELL, power.pk, at=NOON)


def test_another_department_may_still_return(lamps: MinorClass, power: Department, lighting: Department) -> None:
    decide(lamps, "990101001", power.pk, by=SYSTEM, reason="供电所有")
    check_return(lamps, CELL, lighting.pk, at=NOON)


def test_a_new_decision_replaces_the_earlier_and_keeps_it_on_record(
    lamps: MinorClass, old_lamps: MinorClass, power: Department, lighting: Department
) -> None:
    decide(old_lamps, "990101001", power.pk, by=SYSTEM, reason="供电所有")
    decide(lamps, "990101001", lighting.pk, by=SYSTEM, reason="已移交")
    assert proposed(lamps).main_department_id == lighting.pk
    assert DecidedDispute.objects.count() == 2


def test_a_decision_needs_its_reason(lamps: MinorClass, power: Department) -> None:
    with pytest.raises(UserError) as error:
        decide(lamps, "", power.pk, by=SYSTEM, reason=" ")
    assert error.value.field == "reason"
