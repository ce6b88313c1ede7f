from io import StringIO

import pytest
from django.core.management import call_command

from chengyun.config import cli
from chengyun.config.installation import first_administrator
from chengyun.people.models import User
from chengyun.people.roles import Role
from chengyun.taxonomy.models import MinorClass

pytestmark = pytest.mark.django_db


def set_up(*arguments: str) -> str:
    said = StringIO()
    call_command("setup", *arguments, stdout=said)
    return said.getvalue()


def test_setup_loads_the_catalogue_and_makes_one_administrator():
    set_up()
    assert MinorClass.objects.exists()
    assert User.objects.get().must_change_password


def test_setup_twice_changes_nothing():
    set_up()
    before = (User.objects.get().password, MinorClass.objects.count())
    assert "admin" not in set_up()
    assert (User.objects.get().password, MinorClass.objects.count()) == before


def test_the_printed_password_opens_the_account():
    created = first_administrator()
    assert created is not None
    assert User.objects.get(username=created.username).check_password(created.password)


def test_the_first_administrator_holds_the_system_post():
    first_administrator()
    assert Role.SYSTEM_ADMIN in User.objects.get().appointments.get().post.roles


def test_words_of_a_command_are_joined():
    assert cli.joined(["chengyun", "load", "catalogues", "x"]) == ["chengyun", "load_catalogues", "x"]


def test_an_unknown_pair_of_words_is_left_alone():
    assert cli.joined(["chengyun", "audit", "verify"]) == ["chengyun", "audit", "verify"]
