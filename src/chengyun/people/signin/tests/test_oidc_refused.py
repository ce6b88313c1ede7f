"""Who comes from the provider and is not let in, and what is told of it."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as product

from chengyun.core import instants
from chengyun.people.models import User
from chengyun.people.roles import Role
from chengyun.people.signin.tests.provider import CLIENT
from chengyun.people.signin.tests.test_oidc import come_back, is_in, last, sign_in, to_provider, told
from chengyun.people.tests.cast import PASSWORD, appoint, department

pytestmark = pytest.mark.django_db


def test_a_name_that_we_do_not_know_is_refused_and_nobody_is_made(client, provider, wang):
    provider.claims = {"preferred_username": "stranger"}
    assert "没有对应的账号" in told(client, sign_in(client))
    assert User.objects.get() == wang
    kind, note, typed = last()
    assert (kind, note) == ("oidc_refused", "unknown") and len(typed) == 12


@pytest.mark.parametrize("name", [None, "", ["wang"], "wang\0", "WANG"])
def test_an_odd_name_is_nobody(client, provider, wang, name):
    provider.claims = {"preferred_username": name}
    assert "没有对应的账号" in told(client, sign_in(client))


def test_a_switched_off_person_is_refused(client, provider, wang):
    User.objects.update(is_active=False)
    assert "已停用" in told(client, sign_in(client))
    assert last() == ("oidc_refused", "off", "wang")


def test_a_locked_person_is_refused(client, provider, wang):
    for _ in range(product.AXES_FAILURE_LIMIT):
        client.post("/login", {"username": "wang", "password": "wrong"})
    assert "锁定" in told(client, sign_in(client))
    assert last() == ("oidc_refused", "locked", "wang")
    assert not is_in(client)


def test_a_state_holds_once(client, provider, wang):
    to = to_provider(client)
    back = urlsplit(requests.get(to["Location"], allow_redirects=False, timeout=5).headers["Location"])
    assert client.get(f"{back.path}?{back.query}")["Location"] == "/"
    client.post("/logout")
    assert "不是从本页开始" in told(client, client.get(f"{back.path}?{back.query}"))
    assert last()[:2] == ("oidc_refused", "state")


@pytest.mark.parametrize("asked", [{}, {"state": "invented", "code": "x"}])
def test_a_state_that_nobody_asked_for_is_refused(client, provider, wang, asked):
    to_provider(client)
    assert "不是从本页开始" in told(client, client.get("/login/oidc/back", asked))


def test_another_browsers_state_is_refused(client, provider, wang):
    """Whoever lures somebody onto his own way back does not sign them in as himself."""
    to, other = to_provider(client), type(client)()
    assert "不是从本页开始" in told(other, come_back(other, to))


def test_a_state_waits_ten_minutes(client, provider, wang):
    to = to_provider(client)
    with instants.at(instants.now() + dt.timedelta(minutes=11)):
        assert "不是从本页开始" in told(client, come_back(client, to))


@pytest.mark.parametrize(
    ("claims", "note"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": 1_600_000_000}, "expired"),
        ({"exp": None}, "token"),
        ({"iss": "https://elsewhere.example"}, "token"),
        ({"aud": "another program"}, "token"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "token"),
        ({"iat": 9_000_000_000}, "token"),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(client, provider, wang, claims, note):
    provider.claims |= claims
    assert "凭据" in told(client, sign_in(client))
    assert last()[:2] == ("oidc_refused", note)
    assert not is_in(client)


def test_a_token_of_another_key_is_refused(client, provider, wang):
    provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert "核对不过" in told(client, sign_in(client))


@pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", "a secret of both, thirty-two bytes long")])
def test_an_unsigned_or_symmetric_token_is_refused(client, provider, wang, algorithm, key):
    provider.algorithm, provider.signing_key = algorithm, key
    assert "核对不过" in told(client, sign_in(client))


def test_userinfo_of_somebody_else_is_refused(client, provider, wang):
    provider.claims = {}
    provider.userinfo = {"sub": "8", "preferred_username": "wang"}
    assert "核对不过" in told(client, sign_in(client))


def test_a_provider_that_says_no_is_repeated_in_our_words(client, provider, wang):
    provider.error = "access_denied"
    assert "没有放行" in told(client, sign_in(client))


def test_a_silent_provider_leaves_the_password(client, provider, wang):
    provider.stop()
    assert "没有回答" in told(client, to_provider(client))
    assert client.post("/login", {"username": "wang", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "says", [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://elsewhere.example/token"}]
)
def test_a_discovery_document_of_somebody_else_is_not_followed(client, provider, wang, says):
    provider.says = says
    assert "核对不过" in told(client, to_provider(client))


def test_the_audit_administrator_reads_why(client, provider, wang):
    provider.claims = {"preferred_username": "stranger"}
    sign_in(client)
    appoint(wang, department("centre", "centre"), Role.AUDIT_ADMIN)
    client.force_login(wang, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/registers/sign-ins/").text
    assert "统一认证未通过" in page and "系统里没有这个账号" in page and "stranger" not in page
