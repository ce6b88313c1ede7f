from __future__ import annotations

import pytest
from django.db import transaction

from chengyun.assets.tests import town


@pytest.fixture
def well(db):
    """A rain water cover in the first cell of a county with catalogues, and nobody yet who could report it."""
    with transaction.atomic():
        town.build()
        return town.component(road="凤凰街")
