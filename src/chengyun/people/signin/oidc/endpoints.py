"""Where the provider answers: as given, or as its discovery document says (OpenID Connect Discovery 1.0 §4)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from chengyun.people.signin.oidc.refusals import Reason, Refused
from chengyun.people.signin.oidc.terms import Terms, is_safe

PATIENCE_S = 10
# A provider that moved is found again without a restart.
KEPT_S = 600


@dataclass(frozen=True)
class Endpoints:
    authorize: str
    token: str
    keys: str
    userinfo: str = ""
    logout: str = ""


_known: dict[Terms, tuple[float, Endpoints]] = {}
_lock = threading.Lock()


def endpoints_of(terms: Terms) -> Endpoints:
    if terms.authorize_url:
        return Endpoints(terms.authorize_url, terms.token_url, terms.keys_url, terms.userinfo_url, terms.logout_url)
    with _lock:
        at, found = _known.get(terms, (0.0, None))
    if found is None or time.monotonic() - at > KEPT_S:
        found = _discovered(terms)
        with _lock:
            _known[terms] = (time.monotonic(), found)
    return found


def _discovered(terms: Terms) -> Endpoints:
    # Comes with the extra `oidc`; without it nobody gets here.
    import requests

    address = f"{terms.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        answer = requests.get(address, timeout=PATIENCE_S)
        answer.raise_for_status()
        said = answer.json()
        found = Endpoints(
            said["authorization_endpoint"],
            said["token_endpoint"],
            said["jwks_uri"],
            said.get("userinfo_endpoint", ""),
            terms.logout_url or said.get("end_session_endpoint", ""),
        )
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(Reason.UNREACHABLE) from error
    # Whoever answers for another issuer could hand us somebody else's tokens.
    if said.get("issuer") != terms.issuer or not all(map(is_safe, filter(None, vars(found).values()))):
        raise Refused(Reason.TOKEN)
    return found


def forget() -> None:
    with _lock:
        _known.clear()
