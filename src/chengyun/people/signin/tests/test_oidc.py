"""Sign-in at an identity provider that really answers, over sockets, with signed tokens."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chengyun.core import configuration, instants
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Appointment, User
from chengyun.people.roles import Role
from chengyun.people.signin.models import SignIn
from chengyun.people.signin.oidc.terms import SecondFactor
from chengyun.people.signin.tests.test_factors import bound, code_of
from chengyun.people.tests.cast import PASSWORD, appoint, department

pytestmark = pytest.mark.django_db
BUTTON = "统一身份认证登录"


def to_provider(client, **asked):
    return client.get("/login/oidc", asked)


def come_back(client, to):
    """What the browser does between: the provider sends it back with a code."""
    back = urlsplit(requests.get(to["Location"], allow_redirects=False, timeout=5).headers["Location"])
    assert back.path == "/login/oidc/back"
    return client.get(f"{back.path}?{back.query}")


def sign_in(client, **asked):
    return come_back(client, to_provider(client, **asked))


def is_in(client) -> bool:
    return client.get("/password").status_code == 200


def told(client, answer) -> str:
    """The sentence on the sign-in page."""
    assert answer.status_code == 302 and answer["Location"] == "/login"
    return client.get("/login").text


def last() -> tuple[str, str, str]:
    row = SignIn.objects.order_by("-pk").first()
    return row.kind, row.note, row.user.username if row.user else row.typed


# --- let in -----------------------------------------------------------------------------------------------------------


def test_the_button_stands_only_where_a_provider_is_configured(client, settings):
    assert BUTTON not in client.get("/login").text
    assert to_provider(client).status_code == 404
    assert client.get("/login/oidc/back").status_code == 404


def test_the_button_takes_the_wish_along(client, provider):
    page = client.get("/login?next=/cases/%3Fa%3D1").text
    assert BUTTON in page and "/login/oidc?next=%2Fcases%2F%3Fa%3D1" in page


def test_whom_the_provider_knows_is_signed_in_as_the_person_of_that_login_name(client, provider, wang):
    before = to_provider(client)
    anonymous = client.session.session_key
    answer = come_back(client, before)
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(wang.pk) and client.session.session_key != anonymous
    assert last() == ("oidc_in", "", "wang")


def test_the_request_proves_itself_by_pkce_state_and_nonce(client, provider, wang):
    sign_in(client)
    sign_in(client := type(client)())
    first, second = provider.asked
    assert first["code_challenge_method"] == "S256" and first["scope"] == "openid profile"
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_a_code_without_its_verifier_buys_nothing(client, provider, wang):
    to = to_provider(client)
    session = client.session
    state = next(iter(session["signin.oidc_asked"]))
    session["signin.oidc_asked"][state]["verifier"] = "somebody else's"
    session.save()
    assert "核对不过" in told(client, come_back(client, to))


def test_the_wished_page_follows(client, provider, wang):
    assert sign_in(client, next="/password")["Location"] == "/password"


@pytest.mark.parametrize(
    "wish", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere"]
)
def test_a_wish_for_another_site_is_ignored(client, provider, wang, wish):
    assert sign_in(client, next=wish)["Location"] == "/"


def test_endpoints_may_be_given_where_there_is_no_discovery(client, provider, wang, settings):
    home = provider.issuer
    provider.says = {"issuer": "nobody asks"}
    given = {"authorize_url": f"{home}/authorize", "token_url": f"{home}/token", "keys_url": f"{home}/keys"}
    settings.OIDC = provider.terms(**given)
    assert sign_in(client)["Location"] == "/"


def test_another_claim_may_hold_the_login_name(client, provider, wang, settings):
    settings.OIDC = provider.terms(claim="employee_no")
    provider.claims = {"preferred_username": "somebody", "employee_no": "wang"}
    assert sign_in(client)["Location"] == "/"


def test_a_name_that_is_not_in_the_token_is_asked_of_userinfo(client, provider, wang):
    provider.claims = {}
    provider.userinfo = {"sub": "7", "preferred_username": "wang"}
    assert sign_in(client)["Location"] == "/"


def test_a_clock_that_is_seconds_off_refuses_nobody(client, provider, wang):
    provider.claims |= {"iat": int(time.time()) + 20, "exp": int(time.time()) - 20}
    assert sign_in(client)["Location"] == "/"


def test_our_own_first_password_is_not_asked_for(client, provider, wang):
    User.objects.update(must_change_password=True)
    sign_in(client)
    assert client.get("/second-factor").status_code == 200
    client.post("/logout")
    client.post("/login", {"username": "wang", "password": PASSWORD})
    assert client.get("/second-factor")["Location"] == "/password"


def test_the_provider_grants_nothing(client, provider, wang):
    provider.claims |= {"roles": ["security_admin"], "groups": ["admin"], "name": "别名", "phone_number": "13800000000"}
    sign_in(client)
    wang.refresh_from_db()
    assert (wang.name, wang.phone) == ("王受理", "")
    assert not actor_for(wang).roles and not Appointment.objects.exists()


def test_idle_time_ends_such_a_session_too(client, provider, wang):
    sign_in(client)
    assert is_in(client)
    session = client.session
    session["web.seen_at"] = time.time() - 31 * 60
    session.save()
    assert client.get("/password")["Location"].startswith("/login")


def test_switching_the_account_off_ends_such_a_session(client, provider, wang):
    sign_in(client)
    User.objects.update(is_active=False)
    assert not is_in(client)


# --- the second factor ------------------------------------------------------------------------------------------------


def test_our_code_is_asked_for_after_a_mere_password_at_the_provider(client, provider, wang):
    secret, _ = bound(wang)
    provider.claims |= {"amr": ["pwd"]}
    assert sign_in(client, next="/password")["Location"] == "/login/code"
    assert not is_in(client)
    answer = client.post("/login/code", {"code": code_of(secret, instants.now())})
    assert answer["Location"] == "/password"
    assert last()[0] == "oidc_in"


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "otp"]}, {"amr": ["mfa"]}])
def test_the_providers_second_factor_stands_in_for_ours(client, provider, wang, claims):
    bound(wang)
    provider.claims |= claims
    assert sign_in(client)["Location"] == "/"


@pytest.mark.parametrize(("choice", "where"), [(SecondFactor.TRUST, "/"), (SecondFactor.ASK, "/login/code")])
def test_the_installation_may_decide_otherwise(client, provider, wang, settings, choice, where):
    bound(wang)
    provider.claims |= {"amr": ["mfa"] if choice == SecondFactor.ASK else ["pwd"]}
    settings.OIDC = provider.terms(second_factor=choice)
    assert sign_in(client)["Location"] == where


@pytest.mark.parametrize(("amr", "first"), [(["pwd"], "/second-factor"), (["mfa"], None)])
def test_a_role_that_needs_one_binds_it_unless_the_provider_had_it(client, provider, wang, amr, first):
    appoint(wang, department("centre", "centre"), Role.RECEIVER)
    configuration.change("signin.totp_roles", ["receiver"], by=SYSTEM)
    provider.claims |= {"amr": amr}
    sign_in(client)
    assert client.get("/password").get("Location") == first


# --- out --------------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_and_goes_on_to_the_provider(client, provider, wang):
    sign_in(client)
    page = client.post("/logout").text
    assert not is_in(client) and SignIn.objects.filter(kind="out", user=wang).exists()
    address = page.split("url=", 1)[1].split('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{provider.issuer}/logout?")
    assert (
        asked["post_logout_redirect_uri"] == ["http://testserver/login"] and asked["id_token_hint"][0].count(".") == 2
    )


def test_signing_out_stays_here_where_the_provider_has_no_sign_out(client, provider, wang):
    provider.says = {"end_session_endpoint": ""}
    sign_in(client)
    assert client.post("/logout")["Location"] == "/login"


def test_a_password_session_has_nothing_to_end_at_the_provider(client, provider, wang):
    client.post("/login", {"username": "wang", "password": PASSWORD})
    assert client.post("/logout")["Location"] == "/login"
