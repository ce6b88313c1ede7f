import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.core import instants


@pytest.fixture
def county(db):
    with instants.at(small.MONDAY):
        yield small.build()


@pytest.fixture
def as_user(client, county):
    def login(name):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login
