"""What the installation says of its provider. Read from the environment by `config.oidc`; None where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

AT_HOME = ("127.0.0.1", "localhost", "::1")


class SecondFactor(StrEnum):
    """Whether our own code is asked for after the provider let somebody in."""

    AMR = "amr"  # unless the token's `amr` says that the provider asked for more than a password
    TRUST = "trust"  # never
    ASK = "ask"  # always


@dataclass(frozen=True)
class Terms:
    issuer: str
    client_id: str
    client_secret: str
    # The claim that holds our login name.
    claim: str = "preferred_username"
    scopes: str = "openid profile"
    algorithm: str = "RS256"
    second_factor: SecondFactor = SecondFactor.AMR
    prompt: str = ""
    # Given where the provider has no discovery document.
    authorize_url: str = ""
    token_url: str = ""
    keys_url: str = ""
    userinfo_url: str = ""
    logout_url: str = ""


def terms() -> Terms | None:
    found: Terms | None = settings.OIDC
    return found


def is_safe(address: str) -> bool:
    """HTTPS, or this machine itself."""
    parts = urlsplit(address)
    return (parts.scheme == "https" and bool(parts.hostname)) or (parts.scheme == "http" and parts.hostname in AT_HOME)
