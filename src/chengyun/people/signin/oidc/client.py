"""The talk with the provider, on mozilla-django-oidc; only this file needs the extra `oidc`.

What that leaves open is closed here: issuer, audience and expiry of the token are checked, and a clock that is
seconds off refuses nobody.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import jwt
import requests
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import generate_code_challenge

from chengyun.people.signin.oidc.endpoints import PATIENCE_S, Endpoints, endpoints_of
from chengyun.people.signin.oidc.refusals import Reason, Refused
from chengyun.people.signin.oidc.terms import Terms

LEEWAY_S = 60
NEEDED = ("iss", "aud", "sub", "exp", "iat")
Claims = dict[str, Any]
Result = TypeVar("Result")


class Client(OIDCAuthenticationBackend):  # type: ignore[misc]  # the package has no types
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.endpoints: Endpoints = endpoints_of(terms)
        self.known = {
            "OIDC_OP_TOKEN_ENDPOINT": self.endpoints.token,
            "OIDC_OP_USER_ENDPOINT": self.endpoints.userinfo,
            "OIDC_OP_JWKS_ENDPOINT": self.endpoints.keys,
            "OIDC_RP_CLIENT_ID": terms.client_id,
            "OIDC_RP_CLIENT_SECRET": terms.client_secret,
            "OIDC_RP_SIGN_ALGO": terms.algorithm,
            "OIDC_TIMEOUT": PATIENCE_S,
        }
        super().__init__()

    def get_settings(self, attr: str, *default: Any) -> Any:
        return self.known[attr] if attr in self.known else super().get_settings(attr, *default)

    def claims(self, *, code: str, verifier: str, nonce: str, back: str) -> tuple[Claims, str]:
        """What the provider vouches for, checked; and the token itself, which its sign-out asks for."""
        asked = {
            "client_id": self.terms.client_id,
            "client_secret": self.terms.client_secret,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        answer = _asked(lambda: self.get_token(asked))
        token = str(answer.get("id_token", ""))
        claims = self._verified(token, nonce)
        if not claims.get(self.terms.claim) and self.endpoints.userinfo and answer.get("access_token"):
            claims = self._completed(claims, str(answer["access_token"]), token)
        return claims, token

    def _verified(self, token: str, nonce: str) -> Claims:
        key = _asked(lambda: self.retrieve_matching_jwk(token))
        try:
            claims: Claims = jwt.decode(
                token,
                key,
                algorithms=[self.terms.algorithm],
                audience=self.terms.client_id,
                issuer=self.terms.issuer,
                leeway=LEEWAY_S,
                options={"require": list(NEEDED)},
            )
        except jwt.ExpiredSignatureError as error:
            raise Refused(Reason.EXPIRED) from error
        except jwt.InvalidTokenError as error:
            raise Refused(Reason.TOKEN) from error
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise Refused(Reason.NONCE)
        if claims.get("azp", self.terms.client_id) != self.terms.client_id:
            raise Refused(Reason.TOKEN)
        return claims

    def _completed(self, claims: Claims, access_token: str, token: str) -> Claims:
        """Some providers keep the names out of the token. Theirs must be of the same person (Core 1.0 §5.3.2)."""
        more: Mapping[str, Any] = _asked(lambda: self.get_userinfo(access_token, token, claims))
        if more.get("sub") != claims["sub"]:
            raise Refused(Reason.TOKEN)
        return claims | {self.terms.claim: more.get(self.terms.claim)}


def _asked(do: Callable[[], Result]) -> Result:
    """An answer of the provider. What it says in an error is not logged: it may repeat secrets."""
    try:
        return do()
    except requests.RequestException as error:
        refusal = Reason.UNREACHABLE if error.response is None or error.response.status_code >= 500 else Reason.TOKEN
        raise Refused(refusal) from None
    except (SuspiciousOperation, jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError):
        raise Refused(Reason.TOKEN) from None


def address_to_ask(terms: Terms, *, back: str) -> tuple[str, dict[str, str]]:
    """Where the browser goes, and what its session keeps for the way back (PKCE: RFC 7636)."""
    kept = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
    }
    asked = {
        "response_type": "code",
        "client_id": terms.client_id,
        "redirect_uri": back,
        "scope": terms.scopes,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": generate_code_challenge(kept["verifier"], "S256"),
        "code_challenge_method": "S256",
    }
    if terms.prompt:
        asked["prompt"] = terms.prompt
    address = endpoints_of(terms).authorize
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", kept
