from __future__ import annotations

import pytest
from django.db import transaction

from chengyun.assets.tests import town
from chengyun.casework.cases.tests import county as people


@pytest.fixture
def well(db):
    """A rain water cover in the first cell of a county with catalogues, and nobody yet who could report it."""
    with transaction.atomic():
        town.build()
        return town.component(road="凤凰街")


@pytest.fixture
def county(well):
    return people.build()
