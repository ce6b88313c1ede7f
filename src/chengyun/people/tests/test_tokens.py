import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people import rate, register, tokens
from chengyun.people.access import SYSTEM
from chengyun.people.models import ApiToken
from chengyun.people.tests.cast import person

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def token(db):
    person("hotline")
    with instants.at(MONDAY):
        yield tokens.create_token("hotline", by=SYSTEM, name="热线", scopes=["cases:read"], days=30)


def test_a_living_token_is_recognised(token):
    row, secret = token
    assert tokens.recognised(secret) == row


def test_the_secret_is_stored_nowhere(token):
    row, secret = token
    kept = [str(vars(row)), *(str(vars(each)) for each in register.history(row))]
    assert not any(secret in text or row.digest in text for text in kept[1:])
    assert secret not in kept[0]


def test_another_secret_is_not_recognised(token):
    assert tokens.recognised(token[1] + "x") is None


def test_an_expired_token_is_not_recognised(token):
    with instants.at(MONDAY + dt.timedelta(days=30)):
        assert tokens.recognised(token[1]) is None


def test_a_revoked_token_is_not_recognised(token):
    row, secret = token
    tokens.revoke_token(row.pk, by=SYSTEM)
    assert tokens.recognised(secret) is None
    assert [each.action for each in register.history(row)] == ["revoked", "created"]


def test_a_switched_off_person_has_no_token(token):
    row, secret = token
    row.user.is_active = False
    row.user.save()
    assert tokens.recognised(secret) is None


def test_its_use_is_marked_once_a_minute(token, django_assert_num_queries):
    row, secret = token
    tokens.recognised(secret)
    with django_assert_num_queries(1), instants.at(MONDAY + dt.timedelta(seconds=59)):
        tokens.recognised(secret)
    later = MONDAY + dt.timedelta(seconds=60)
    with instants.at(later):
        tokens.recognised(secret)
    row.refresh_from_db()
    assert row.last_used_at == later


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "nobody"}, "username"),
        ({"scopes": ["cases:erase"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 10**9}, "days"),
        ({"name": ""}, "name"),
        ({"name": "长" * 51}, "name"),
    ],
)
def test_a_token_that_cannot_be_is_refused(token, changes, field):
    wanted = {"username": "hotline", "name": "另一个", "scopes": ["cases:read"]} | changes
    with pytest.raises(UserError) as refusal:
        tokens.create_token(wanted.pop("username"), by=SYSTEM, **wanted)
    assert refusal.value.field == field
    assert ApiToken.objects.count() == 1


def test_the_command_prints_the_secret_alone_and_once(token):
    out, told = StringIO(), StringIO()
    call_command("token", "create", "hotline", name="夜间", scope=["cases:step"], stdout=out, stderr=told)
    row = tokens.recognised(out.getvalue().strip())
    assert row is not None and row.name == "夜间"
    listed = StringIO()
    call_command("token", "list", stdout=listed)
    assert "夜间" in listed.getvalue()
    assert out.getvalue().strip() not in listed.getvalue() + told.getvalue()


def test_the_command_revokes(token):
    row, secret = token
    call_command("token", "revoke", str(row.pk), stdout=StringIO())
    assert tokens.recognised(secret) is None
    with pytest.raises(CommandError):
        call_command("token", "revoke", str(row.pk))
    with pytest.raises(CommandError):
        call_command("token", "revoke", "999")


def test_the_window_lets_so_many_through_and_slides(monkeypatch):
    rate.forget()
    clock = [100.0]
    monkeypatch.setattr(rate.time, "monotonic", lambda: clock[0])
    assert [rate.seconds_to_wait(1, 2) for _call in range(3)] == [0, 0, 60]
    assert rate.seconds_to_wait(2, 2) == 0
    clock[0] += 60
    assert rate.seconds_to_wait(1, 2) == 0
    rate.forget()
