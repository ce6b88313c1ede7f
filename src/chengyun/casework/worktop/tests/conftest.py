import pytest

from chengyun.casework.cases.tests.county import MONDAY, build
from chengyun.core import instants


@pytest.fixture
def county(db):
    with instants.at(MONDAY):
        yield build()


@pytest.fixture
def as_(client, county):
    def log_in(name):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
