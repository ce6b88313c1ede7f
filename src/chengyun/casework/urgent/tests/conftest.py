from __future__ import annotations

import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.core import instants


@pytest.fixture
def county(db):
    with instants.at(MONDAY):
        yield small.build()


@pytest.fixture
def desk(client, county):
    def at(name):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return at
