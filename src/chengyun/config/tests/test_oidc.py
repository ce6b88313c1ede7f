import pytest
from django.core.exceptions import ImproperlyConfigured

from chengyun.config import oidc
from chengyun.people.signin.oidc.terms import SecondFactor

ASKED = {
    "CHENGYUN_OIDC_ISSUER": "https://id.example/realms/county",
    "CHENGYUN_OIDC_CLIENT_ID": "chengyun",
    "CHENGYUN_OIDC_CLIENT_SECRET": "kept in the environment",
}


@pytest.fixture
def asked(monkeypatch):
    for name, value in ASKED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_without_a_provider_there_are_passwords_alone():
    assert oidc.from_environment() is None


def test_three_variables_are_enough(asked):
    terms = oidc.from_environment()
    assert terms is not None and terms.issuer == ASKED["CHENGYUN_OIDC_ISSUER"]
    assert (terms.claim, terms.algorithm, terms.second_factor) == ("preferred_username", "RS256", SecondFactor.AMR)


@pytest.mark.parametrize("name", ASKED)
def test_a_missing_one_is_named(asked, name):
    asked.delenv(name)
    with pytest.raises(ImproperlyConfigured, match=name):
        oidc.from_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHENGYUN_OIDC_ISSUER", "http://id.example"),
        ("CHENGYUN_OIDC_ALGORITHM", "HS256"),
        ("CHENGYUN_OIDC_SECOND_FACTOR", "perhaps"),
        ("CHENGYUN_OIDC_SCOPES", "profile"),
        ("CHENGYUN_OIDC_PROMPT", "none"),
        ("CHENGYUN_OIDC_LOGOUT_URL", "http://id.example/logout"),
    ],
)
def test_a_wrong_value_is_refused_at_start_by_name(asked, name, value):
    asked.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        oidc.from_environment()


def test_endpoints_are_given_together(asked):
    asked.setenv("CHENGYUN_OIDC_AUTHORIZE_URL", "https://id.example/authorize")
    with pytest.raises(ImproperlyConfigured, match="CHENGYUN_OIDC_TOKEN_URL、CHENGYUN_OIDC_KEYS_URL"):
        oidc.from_environment()


def test_what_is_not_installed_is_said_at_start(asked):
    asked.setattr(oidc, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"chengyun\[oidc\]"):
        oidc.from_environment()
