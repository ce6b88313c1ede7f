"""Who logged in, out, or failed to, as log lines of their own: kept as long as the logs (half a year at least).

Django tells it by signals; these are its own, not ours.
"""

from __future__ import annotations

import hashlib
from typing import Any

import structlog
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

log = structlog.get_logger("chengyun.signin")


def listen() -> None:
    user_logged_in.connect(logged_in, dispatch_uid="operations.logged_in")
    user_logged_out.connect(logged_out, dispatch_uid="operations.logged_out")
    user_login_failed.connect(failed, dispatch_uid="operations.login_failed")


def logged_in(request: HttpRequest | None = None, user: Any = None, **_kwargs: Any) -> None:
    log.info("logged in", user=user.pk, address=_address(request))


def logged_out(request: HttpRequest | None = None, user: Any = None, **_kwargs: Any) -> None:
    if user is not None:
        log.info("logged out", user=user.pk, address=_address(request))


def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """What was typed as a name may be a name, a phone number or a password: a digest tells apart and tells nothing."""
    typed = str(credentials.get("username", ""))
    log.warning("login failed", typed=hashlib.sha256(typed.encode()).hexdigest()[:12], address=_address(request))


def _address(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request else ""
