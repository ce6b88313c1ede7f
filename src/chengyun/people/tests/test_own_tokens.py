"""Tokens of the API: who may have them is the security administrator's word, what they open their owners' alone."""

import datetime as dt
import re

import pytest

from chengyun.core import instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.people import register, tokens
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import ApiAllowance, ApiToken, User
from chengyun.people.roles import Role
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
READ, STEP = "cases:read", "cases:step"
SECRET = re.compile(r"cyt_[\w-]{20,}")


@pytest.fixture
def guard():
    user = person("an")
    appoint(user, department("centre", "centre"), Role.SECURITY_ADMIN)
    return actor_for(user)


@pytest.fixture
def wang():
    return person("wang")


def allowed(guard, user, *scopes, days=30) -> ApiAllowance:
    until = instants.today() + dt.timedelta(days=days)
    return tokens.allow(by=guard, user=user, scopes=scopes or [READ], until=until)


def made(user: User, name="对接", scopes=(READ,), days=7):
    return tokens.create_own_token(user, by=actor_for(user), name=name, scopes=scopes, days=days)


def sat_down(client, user):
    person_there = user if isinstance(user, User) else User.objects.get(pk=user.user_id)
    client.force_login(person_there, backend=BACKEND)
    return client


# --- who --------------------------------------------------------------------------------------------------------------


def test_the_owner_makes_one_within_what_is_allowed(guard, wang):
    allowance = allowed(guard, wang, READ, STEP)
    token, secret = made(wang, scopes=[READ])
    assert tokens.recognised(secret) == token
    assert (token.user, token.allowance, token.scopes) == (wang, allowance, [READ])
    assert register.history(token)[0].by_id == wang.pk


def test_nobody_makes_one_for_somebody_else(guard, wang):
    allowed(guard, wang)
    with pytest.raises(NotAllowed, match="本人"):
        tokens.create_own_token(wang, by=guard, name="x", scopes=[READ], days=1)
    with pytest.raises(NotAllowed, match="本人"):
        tokens.create_token("wang", by=guard, name="x", scopes=[READ])
    assert not ApiToken.objects.exists()


def test_without_an_allowance_there_is_none(wang):
    with pytest.raises(NotAllowed, match="安全管理员"):
        made(wang)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.DUTY_CHIEF])
def test_only_the_security_administrator_allows_and_takes_back(guard, wang, role):
    other = person("other")
    appoint(other, department("elsewhere"), role)
    with pytest.raises(NotAllowed, match="安全管理员"):
        allowed(actor_for(other), wang)
    with pytest.raises(NotAllowed, match="安全管理员"):
        tokens.take_back(allowed(guard, wang), by=actor_for(other))
    token, _ = made(wang)
    with pytest.raises(NotAllowed, match="安全管理员"):
        tokens.revoke_token(token.pk, by=actor_for(other))


def test_nobody_allows_himself(guard):
    with pytest.raises(UserError, match="不能准许自己"):
        allowed(guard, User.objects.get(pk=guard.user_id))


def test_one_allowance_at_a_time(guard, wang):
    allowed(guard, wang)
    with pytest.raises(UserError, match="已有接口准许"):
        allowed(guard, wang, STEP)


@pytest.mark.parametrize(("given", "field"), [({"days": -1}, "until"), ({"days": 9999}, "until")])
def test_an_allowance_that_cannot_be_is_refused(guard, wang, given, field):
    with pytest.raises(UserError) as refusal:
        allowed(guard, wang, **given)
    assert refusal.value.field == field


# --- how far ----------------------------------------------------------------------------------------------------------


def test_a_scope_beyond_the_allowance_is_refused(guard, wang):
    allowed(guard, wang, READ)
    with pytest.raises(UserError, match="办理案件"):
        made(wang, scopes=[READ, STEP])


def test_a_token_ends_with_the_last_day_of_the_allowance(guard, wang):
    allowance = allowed(guard, wang, days=3)
    token, secret = made(wang, days=300)
    assert instants.civil_day(token.expires_at - dt.timedelta(seconds=1)) == allowance.until
    with instants.at(token.expires_at):
        assert tokens.recognised(secret) is None
        with pytest.raises(NotAllowed):
            made(wang)


def test_taking_the_allowance_back_stops_its_tokens_at_once_and_no_others(guard, wang):
    allowance = allowed(guard, wang)
    _, secret = made(wang)
    _token, of_the_command = tokens.create_token("wang", by=SYSTEM, name="热线", scopes=[READ])
    tokens.take_back(allowance, by=guard)
    assert tokens.recognised(secret) is None
    assert tokens.recognised(of_the_command) is not None
    assert [each.action for each in register.history(allowance)] == ["ended", "created"]


def test_five_at_a_time(guard, wang):
    allowed(guard, wang)
    first = [made(wang, name=str(number))[0] for number in range(tokens.MOST_TOKENS)][0]
    with pytest.raises(UserError, match="最多 5 个"):
        made(wang)
    tokens.revoke_token(first.pk, by=actor_for(wang))
    assert made(wang)


# --- the pages --------------------------------------------------------------------------------------------------------


def test_the_owner_alone_sees_the_secret_and_once(client, guard, wang):
    allowed(guard, wang)
    sat_down(client, wang)
    answer = client.post("/people/tokens/", {"name": "热线对接", "scopes": [READ], "days": 7})
    secret = SECRET.search(answer.text).group()
    assert tokens.recognised(secret) is not None and "no-store" in answer["Cache-Control"]
    page = client.get("/people/tokens/").text
    assert "热线对接" in page and not SECRET.search(page)
    sat_down(client, guard)
    token = ApiToken.objects.get()
    for address in ("/registers/tokens/", f"/registers/tokens/{token.pk}"):
        page = client.get(address).text
        assert "热线对接" in page and not SECRET.search(page) and token.digest not in page


def test_the_security_administrator_has_no_page_that_makes_one(client, guard, wang):
    allowed(guard, wang)
    sat_down(client, guard)
    assert client.get("/registers/tokens/new").status_code == 404
    assert client.post("/people/tokens/", {"name": "x", "scopes": [READ], "days": 7}).status_code == 403
    assert not ApiToken.objects.exists()


def test_the_security_administrator_allows_revokes_and_takes_back_on_the_pages(client, guard, wang):
    sat_down(client, guard)
    until = (instants.today() + dt.timedelta(days=9)).isoformat()
    asked = {"user": wang.pk, "scopes": [READ], "until": until}
    assert client.post("/registers/api-allowances/new", asked).status_code == 302
    first, second = made(wang)[1], made(wang)[1]
    client.post(f"/registers/tokens/{ApiToken.objects.first().pk}/revoke")
    assert tokens.recognised(first) is None and tokens.recognised(second) is not None
    client.post(f"/registers/api-allowances/{ApiAllowance.objects.get().pk}/retire")
    assert tokens.recognised(second) is None
    assert "准许已收回" in client.get("/registers/tokens/?closed=1").text


def test_the_owner_revokes_only_own_ones(client, guard, wang):
    allowed(guard, wang)
    token, secret = made(wang)
    other = person("other")
    assert sat_down(client, other).post(f"/people/tokens/{token.pk}/revoke").status_code == 404
    assert tokens.recognised(secret) is not None
    sat_down(client, wang).post(f"/people/tokens/{token.pk}/revoke")
    assert tokens.recognised(secret) is None


def test_whoever_is_not_allowed_is_told_whom_to_ask(client, wang):
    assert "请安全管理员" in sat_down(client, wang).get("/people/tokens/").text


def test_a_token_made_here_opens_the_api_within_its_scopes(client, guard, wang):
    appoint(wang, department("desk", "centre"), Role.RECEIVER)
    allowed(guard, wang)
    _, secret = made(wang)
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/cases", headers=bearer).status_code == 200
    refused = client.post("/api/v1/reports", {}, content_type="application/json", headers=bearer)
    assert refused.status_code == 403
