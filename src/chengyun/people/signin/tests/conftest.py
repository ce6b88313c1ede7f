import pytest

from chengyun.people.models import User
from chengyun.people.signin.oidc import endpoints
from chengyun.people.signin.tests.provider import Provider
from chengyun.people.tests.cast import PASSWORD


@pytest.fixture
def wang():
    return User.objects.create_user("wang", PASSWORD, name="王受理")


@pytest.fixture
def provider(settings):
    made = Provider()
    endpoints.forget()
    settings.OIDC = made.terms()
    yield made
    made.stop()
