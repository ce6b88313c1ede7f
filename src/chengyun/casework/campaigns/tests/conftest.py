import datetime as dt

import pytest

from chengyun.casework.campaigns.models import Counting
from chengyun.casework.campaigns.services import planning
from chengyun.casework.cases.tests.conftest import county

__all__ = ["county"]

BEGINS, ENDS = dt.date(2026, 3, 1), dt.date(2026, 3, 31)


@pytest.fixture
def plan(county):
    """A campaign in preparation with one target counted by reports and a task of the housing bureau."""

    def make(*, counting=Counting.EVIDENCE, amount=10, started=True, classes=True):
        by = county.actor("supervisor")
        campaign = planning.create(
            by=by, name="春季市容整治", goal="主要道路无积存垃圾", lead=county.housing, begins=BEGINS, ends=ENDS,
            township_codes=[], minor_classes=[county.waste] if classes else [],
        )  # fmt: skip
        target = planning.add_target(campaign, by=by, name="清理垃圾点", unit="处", counting=counting)
        (task,) = planning.add_tasks(campaign, {county.housing: amount}, by=by, target=target)
        if started:
            campaign = planning.start(campaign, by=by)
            task.refresh_from_db()
        return campaign, task

    return make
