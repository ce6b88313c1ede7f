"""The county's identity provider, as the environment names it."""

from __future__ import annotations

from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

from chengyun.config.environment import text
from chengyun.people.signin.oidc.terms import SecondFactor, Terms, is_safe

NEEDED = ("CHENGYUN_OIDC_ISSUER", "CHENGYUN_OIDC_CLIENT_ID", "CHENGYUN_OIDC_CLIENT_SECRET")
# Without a discovery document these three go together.
GIVEN = ("CHENGYUN_OIDC_AUTHORIZE_URL", "CHENGYUN_OIDC_TOKEN_URL", "CHENGYUN_OIDC_KEYS_URL")
ADDRESSES = (NEEDED[0], *GIVEN, "CHENGYUN_OIDC_USERINFO_URL", "CHENGYUN_OIDC_LOGOUT_URL")
# A shared secret as signing key would let whoever reads it write tokens.
ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
PROMPTS = ("", "login", "select_account")


def from_environment() -> Terms | None:
    if not any(map(text, NEEDED)):
        return None
    _all_or_none(NEEDED)
    _all_or_none(GIVEN)
    for name in ADDRESSES:
        if text(name) and not is_safe(text(name)):
            raise ImproperlyConfigured(f"环境变量 {name} 应是 https 地址，现在是“{text(name)}”。")
    if find_spec("mozilla_django_oidc") is None:
        raise ImproperlyConfigured("配置了统一身份认证，但没有安装它的组件；请安装 chengyun[oidc]。")
    return Terms(
        issuer=text(NEEDED[0]),
        client_id=text(NEEDED[1]),
        client_secret=text(NEEDED[2]),
        claim=text("CHENGYUN_OIDC_CLAIM", "preferred_username"),
        scopes=_scopes(),
        algorithm=_one_of("CHENGYUN_OIDC_ALGORITHM", ALGORITHMS, "RS256"),
        second_factor=SecondFactor(_one_of("CHENGYUN_OIDC_SECOND_FACTOR", tuple(SecondFactor), "amr")),
        prompt=_one_of("CHENGYUN_OIDC_PROMPT", PROMPTS, ""),
        authorize_url=text(GIVEN[0]),
        token_url=text(GIVEN[1]),
        keys_url=text(GIVEN[2]),
        userinfo_url=text("CHENGYUN_OIDC_USERINFO_URL"),
        logout_url=text("CHENGYUN_OIDC_LOGOUT_URL"),
    )


def _all_or_none(names: tuple[str, ...]) -> None:
    missing = [name for name in names if not text(name)]
    if missing and len(missing) < len(names):
        raise ImproperlyConfigured(f"统一身份认证还缺环境变量 {'、'.join(missing)}。")


def _scopes() -> str:
    scopes = text("CHENGYUN_OIDC_SCOPES", "openid profile")
    if "openid" not in scopes.split():
        raise ImproperlyConfigured(f"环境变量 CHENGYUN_OIDC_SCOPES 应含 openid，现在是“{scopes}”。")
    return scopes


def _one_of(name: str, known: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in known:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 {'、'.join(filter(None, known))}，现在是“{value}”。")
    return value
