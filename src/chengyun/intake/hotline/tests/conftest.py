import datetime as dt

import pytest

from chengyun.core import instants
from chengyun.people.models import Appointment, Department, Post, User

NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def a_november_day():
    with instants.at(NOW):
        yield


@pytest.fixture(autouse=True)
def own_data_directory(settings, tmp_path_factory):
    settings.DATA_DIR = tmp_path_factory.mktemp("data")


def person(name, role, department="centre"):
    place, _made = Department.objects.get_or_create(
        code=department, defaults={"kind": "centre" if department == "centre" else "department", "path": "/1/"}
    )
    user = User.objects.create_user(name, "x", name=name)
    post = Post.objects.create(code=name, name=name, department=place, roles=[role])
    Appointment.objects.create(user=user, post=post)
    return user


@pytest.fixture
def receiver(db):
    return person("受理员", "receiver")


@pytest.fixture
def handler(db):
    return person("处置员", "handler", department="housing")


@pytest.fixture
def at_the_desk(client, receiver):
    client.force_login(receiver, backend="django.contrib.auth.backends.ModelBackend")
    return client
