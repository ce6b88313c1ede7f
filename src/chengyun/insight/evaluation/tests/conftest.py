"""A county whose centre evaluates, on a Monday morning, and what it published of February."""

from __future__ import annotations

import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.core import instants
from chengyun.insight.evaluation.models import Publication
from chengyun.insight.evaluation.tests import published
from chengyun.people.access import actor_for
from chengyun.people.models import Department
from chengyun.regions.tests import land


@pytest.fixture
def county(db):
    with instants.at(small.MONDAY):
        found = small.build()
        Department.objects.filter(pk=found.centre.pk).update(region_code=land.COUNTY)
        yield found


@pytest.fixture
def who(county):
    return lambda name: actor_for(county.users[name])


@pytest.fixture
def results(county):
    """The publications by their name: bureaus, receivers."""
    return {name: Publication.objects.get(pk=pk) for name, pk in published.build(county).items()}


@pytest.fixture
def bureaus(results):
    return results["bureaus"]


@pytest.fixture
def row(bureaus, county):
    """Of the housing bureau."""
    return bureaus.rows.get(key=str(county.housing.pk))
