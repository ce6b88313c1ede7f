"""From a right password, or the provider's word, to a session: the second factor stands between."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import login as start_session
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from chengyun.core import instants
from chengyun.people.models import User
from chengyun.people.signin import factors
from chengyun.people.signin.models import SignIn

PENDING = "signin.pending"
MUST_BIND = "signin.must_bind"
# The provider's token, in sessions that it opened: our own password is none of their business.
TOKEN = "signin.oidc_token"
# Our checks of the person come from here in both cases, so that a switched-off account ends its sessions.
BACKEND = "django.contrib.auth.backends.ModelBackend"
# How long a password stays good for the code to follow.
PENDING_S = 300


def begin(request: HttpRequest, user: User, wished: str = "") -> bool:
    """Starts the session; False when a code has to be given first."""
    if factors.is_bound(user):
        _wait_for_code(request, user, wished=wished, backend=user.backend)
        return False
    start_session(request, user)
    request.session[MUST_BIND] = factors.is_required(user)
    return True


def begin_vouched(request: HttpRequest, user: User, wished: str, *, is_strong: bool, token: str) -> bool:
    """The same for whom the identity provider let in; `is_strong`: its second factor stands in for ours."""
    if not is_strong and factors.is_bound(user):
        _wait_for_code(request, user, wished=wished, backend=BACKEND, token=token)
        return False
    _start_vouched(request, user, token)
    request.session[MUST_BIND] = not is_strong and factors.is_required(user)
    return True


def is_vouched(request: HttpRequest) -> bool:
    return TOKEN in request.session


def _start_vouched(request: HttpRequest, user: User, token: str) -> None:
    request.signed_in_as = SignIn.Kind.OIDC_IN  # type: ignore[attr-defined]  # the log of sign-ins asks
    start_session(request, user, backend=BACKEND)
    request.session[TOKEN] = token


def _wait_for_code(request: HttpRequest, user: User, **held: str) -> None:
    request.session.cycle_key()
    request.session[PENDING] = held | {"user": user.pk, "until": instants.now().timestamp() + PENDING_S}


def pending(request: HttpRequest) -> User | None:
    """Whose code is waited for."""
    held = request.session.get(PENDING)
    if not held or held["until"] < instants.now().timestamp():
        request.session.pop(PENDING, None)
        return None
    return User.objects.filter(pk=held["user"], is_active=True).first()


def finish(request: HttpRequest, user: User, code: str) -> bool:
    """Starts the session when the code is right. A wrong one counts as a wrong password does: five lock the name."""
    credentials = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out = True  # type: ignore[attr-defined]
        return False
    if not factors.check(user, code):
        user_login_failed.send(sender=__name__, credentials=credentials, request=request, is_code=True)
        return False
    held = request.session.pop(PENDING)
    if "token" in held:
        _start_vouched(request, user, held["token"])
    else:
        start_session(request, user, backend=held["backend"])
    return True


def own_page(request: HttpRequest, wished: str) -> str:
    """Where one wanted to go before signing in, if that is one of our own pages."""
    ours = url_has_allowed_host_and_scheme(wished, {request.get_host()}, require_https=request.is_secure())
    return wished if ours else resolve_url("web:home")


def wished(request: HttpRequest) -> str:
    return str(request.session.get(PENDING, {}).get("wished", ""))
