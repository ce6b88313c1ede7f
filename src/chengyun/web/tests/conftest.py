import pytest

from chengyun.people.models import User

PASSWORD = "three-quiet-lamps"


@pytest.fixture
def receiver(db):
    return User.objects.create_user("receiver", PASSWORD, name="受理员甲")


@pytest.fixture
def newcomer(db):
    return User.objects.create_user("newcomer", PASSWORD, name="新来的", must_change_password=True)


@pytest.fixture
def logged_in(client, receiver):
    client.force_login(receiver, backend="django.contrib.auth.backends.ModelBackend")
    return client
