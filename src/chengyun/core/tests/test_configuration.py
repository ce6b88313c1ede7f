from types import SimpleNamespace

import pytest
from django.db import transaction

from chengyun.core import configuration
from chengyun.core.declarations import SettingDeclaration
from chengyun.core.errors import NotFound, UserError
from chengyun.core.models import Event

CHIEF = SimpleNamespace(user_id=7, name="值班长甲")


def must_be_positive(value):
    if value <= 0:
        raise UserError("分钟数要大于 0。", field="value")


@pytest.fixture(autouse=True)
def minutes():
    configuration.forget()
    configuration.declare(SettingDeclaration("test.minutes", "分钟", default=15, check=must_be_positive))
    yield
    configuration._declared.pop("test.minutes")
    configuration.forget()


@pytest.mark.django_db
def test_an_untouched_setting_has_its_default():
    assert configuration.value("test.minutes") == 15


@pytest.mark.django_db
def test_the_nearest_region_wins():
    configuration.change("test.minutes", 20, by=CHIEF)
    configuration.change("test.minutes", 30, "110105", by=CHIEF)

    assert configuration.value("test.minutes", "110106001") == 20
    assert configuration.value("test.minutes", "110105001002") == 30


@pytest.mark.django_db
def test_none_goes_back_to_what_holds_above():
    configuration.change("test.minutes", 20, by=CHIEF)
    configuration.change("test.minutes", None, by=CHIEF)

    assert configuration.value("test.minutes") == 15


@pytest.mark.django_db
def test_a_value_that_cannot_be_is_refused_and_nothing_changes():
    with pytest.raises(UserError):
        configuration.change("test.minutes", 0, by=CHIEF)

    assert configuration.value("test.minutes") == 15
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_an_undeclared_key_is_refused():
    with pytest.raises(NotFound):
        configuration.value("test.nonsense")


@pytest.mark.django_db
def test_every_change_is_appended_with_who_and_what_was_before():
    configuration.change("test.minutes", 20, by=CHIEF)
    configuration.change("test.minutes", 25, by=CHIEF)

    newest, first = configuration.history("test.minutes")
    assert (newest.data["before"], newest.data["after"], newest.by_name) == (20, 25, "值班长甲")
    assert newest.previous_hash == first.hash


@pytest.mark.django_db
def test_reading_again_costs_nothing(django_assert_num_queries):
    configuration.value("test.minutes")

    with django_assert_num_queries(0):
        configuration.value("test.minutes", "110105")


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_never_was():
    with transaction.atomic():
        configuration.change("test.minutes", 20, by=CHIEF)
        assert configuration.value("test.minutes") == 20
        transaction.set_rollback(True)

    assert configuration.value("test.minutes") == 15


@pytest.mark.django_db(transaction=True)
def test_another_process_notices_a_change(monkeypatch):
    assert configuration.value("test.minutes") == 15
    known_elsewhere = configuration._known
    configuration.change("test.minutes", 20, by=CHIEF)
    monkeypatch.setattr(configuration, "_known", known_elsewhere)
    monkeypatch.setattr(configuration, "RECHECK_S", 0)

    assert configuration.value("test.minutes") == 20
