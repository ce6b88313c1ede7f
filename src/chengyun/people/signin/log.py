"""Who signed in, out, or failed to, as rows for the audit administrator. Django and axes tell it by their signals."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from chengyun.core import instants
from chengyun.people.models import User
from chengyun.people.signin.models import SignIn

Kind = SignIn.Kind


def listen() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="signin.logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="signin.logged_out")
    user_login_failed.connect(_failed, dispatch_uid="signin.failed")
    user_locked_out.connect(_locked, dispatch_uid="signin.locked")


def write(kind: SignIn.Kind, user: User | None, request: HttpRequest | None = None, **more: str) -> SignIn:
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    return SignIn.objects.create(at=instants.now(), kind=kind, user=user, address=address[:45], **more)


def forget_old() -> int:
    """Removes what is older than the logs have to be (网络安全法 §21: half a year at least); how many."""
    return SignIn.objects.filter(at__lt=instants.now() - dt.timedelta(days=settings.LOG_DAYS)).delete()[0]


def _logged_in(request: HttpRequest | None = None, user: Any = None, **_kwargs: Any) -> None:
    write(getattr(request, "signed_in_as", Kind.IN), user, request)


def _logged_out(request: HttpRequest | None = None, user: Any = None, **_kwargs: Any) -> None:
    if user is not None:
        write(getattr(request, "signed_out_because", Kind.OUT), user, request)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    kind = Kind.CODE_FAILED if kwargs.get("is_code") else Kind.FAILED
    _write_typed(kind, str(credentials.get("username", "")), request)


def _locked(request: HttpRequest | None = None, username: str = "", **_kwargs: Any) -> None:
    _write_typed(Kind.LOCKED, username or "", request)


def write_refused(note: str, user: User | None, request: HttpRequest, *, typed: str) -> None:
    """Somebody came from the identity provider and was not let in."""
    write(Kind.OIDC_REFUSED, user, request, typed=_digest(typed) if typed else "", note=note)


def _write_typed(kind: SignIn.Kind, name: str, request: HttpRequest | None) -> None:
    user = User.objects.filter(username=name).first() if "\0" not in name else None
    write(kind, user, request, typed="" if user else _digest(name))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
