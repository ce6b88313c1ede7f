from __future__ import annotations

import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.handover.tests.shifts import plan
from chengyun.core import instants


@pytest.fixture
def county(db):
    with instants.at(MONDAY):
        made = small.build()
        for name, shift in (("receiver", "early"), ("dispatcher", "middle")):
            plan(made, name, shift)
        yield made


@pytest.fixture
def desk(client, county):
    def at(name):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return at
