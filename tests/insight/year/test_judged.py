"""Last year's evaluation and reports of the demo county."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.core import instants
from chengyun.demo import judged
from chengyun.insight.evaluation.models import Objection, Publication
from chengyun.insight.reports.models import WorkReport
from chengyun.people.models import Department
from tests.insight.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts")]


def test_the_year_is_judged_once():
    with instants.at(NOW):
        published, drafted = judged.tell(NOW)
    assert Publication.objects.count() == published > 0
    assert {each.period for each in Publication.objects.all()} == {"2025", "2025-12"}
    assert Objection.objects.get().row.key == str(Department.objects.get(code=judged.OBJECTS).pk)
    assert drafted == 3
    issued = WorkReport.objects.filter(state=WorkReport.State.ISSUED)
    assert sorted(issued.values_list("kind", "last")) == [
        ("annual", dt.date(2025, 12, 31)),
        ("monthly", dt.date(2025, 12, 31)),
    ]
    assert judged.tell(NOW) == (0, 0)
