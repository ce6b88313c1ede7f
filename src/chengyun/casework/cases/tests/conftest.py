import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.core import instants


@pytest.fixture
def county(db):
    with instants.at(small.MONDAY):
        yield small.build()
