"""Last year's evaluation and reports of the demo county, from a few of its cases."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.core import instants
from chengyun.demo import building, judged
from chengyun.insight.evaluation.models import Objection, Publication
from chengyun.insight.facts.session import forget
from chengyun.insight.reports.models import WorkReport

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = dt.datetime(2026, 5, 20, 2, 30, tzinfo=dt.UTC)
WANTED = ("catalogue", "regions", "people", "places", "duties", "pictures", "year")


@pytest.fixture
def county(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    forget()
    task = building.Build(building.SCALES["small"])
    with instants.at(NOW):
        list(building.run(task, [part for part in building.PARTS if part[0] in WANTED]))
        yield task
    forget()


def test_the_year_is_judged_once(county):
    published, drafted = judged.tell(NOW)
    assert Publication.objects.count() == published > 0
    assert {each.period for each in Publication.objects.all()} == {"2025", "2025-12"}
    assert Objection.objects.get().row.key == str(county.organisation.departments[judged.OBJECTS].pk)
    assert drafted == 3
    issued = WorkReport.objects.filter(state=WorkReport.State.ISSUED)
    assert sorted(issued.values_list("kind", "last")) == [
        ("annual", dt.date(2025, 12, 31)),
        ("monthly", dt.date(2025, 12, 31)),
    ]
    assert judged.tell(NOW) == (0, 0)
