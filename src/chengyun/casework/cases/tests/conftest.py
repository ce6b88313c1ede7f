import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.casework.cases.tests.callers import EVERYTHING, Caller
from chengyun.core import instants
from chengyun.people import rate


@pytest.fixture
def county(db):
    with instants.at(small.MONDAY):
        yield small.build()


@pytest.fixture
def caller(county):
    rate.forget()
    return lambda name, *scopes: Caller(county, name, scopes or EVERYTHING)


@pytest.fixture
def desk(caller):
    return caller("receiver")
