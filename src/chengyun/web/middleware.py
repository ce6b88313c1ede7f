"""Log in first, leave when idle, change the first password, and say plainly why something was refused."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengyun.core import configuration, disk
from chengyun.core.errors import UserError
from chengyun.people.signin import flow
from chengyun.people.signin.models import SignIn
from chengyun.ui.htmx import wants_partial
from chengyun.web import errors
from chengyun.web.screen import standing

View = Callable[[HttpRequest], HttpResponse]

# Doors with their own way of knowing who comes (tokens), and two pages for everybody.
OWN_DOORS = ("/api/", "/open311/")
OPEN_VIEWS = frozenset({"health", "live", "ready", "metrics", "set_language"})

READS = frozenset({"GET", "HEAD", "OPTIONS"})
# Whoever has to mend it must get in.
WRITES_ALLOWED = frozenset({"/login", "/logout"})

SEEN = "web.seen_at"
STARTED = "web.started_at"
# The session is written at most this often, not at each click.
SEEN_STEP_S = 60
# Asked by the pages themselves, so no sign of anybody at the desk.
POLLED = ("web:live", "urgent:line", "screen:data")
# From so many seconds before the end the page's polling is told of it, and the page warns.
WARNED_S = 120
SIGNED_OUT = {
    SignIn.Kind.IDLE: _("长时间没有操作，已自动退出，请重新登录。"),
    SignIn.Kind.EXPIRED: _("这次登录的时间已到，请重新登录。"),
}


class LoginFirst(LoginRequiredMiddleware):
    """Every page asks for a login unless its view says otherwise; a script gets 401, not a login page."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if request.path.startswith(OWN_DOORS) or (match and match.view_name in OPEN_VIEWS):
            return None
        to_login = super().process_view(request, view_func, view_args, view_kwargs)
        return _for_scripts(request, to_login["Location"]) or to_login if to_login else None


def _for_scripts(request: HttpRequest, login: str) -> HttpResponse | None:
    if wants_partial(request):
        # htmx goes there as a whole page instead of putting the login into a corner of this one.
        return HttpResponse(status=401, headers={"HX-Redirect": login})
    if errors.wants_json(request):
        return JsonResponse({"message": str(_("请重新登录")), "code": "signed_out"}, status=401)
    return None


def idle_timeout(get_response: View) -> View:
    """Out after `web.idle_minutes` without a click (the page's own polling is not one), and after
    `signin.session_hours` in any case."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            at = time.time()
            if standing.keeps_awake(request):
                _mark_seen(request, at)
            elif over := _over(request, at):
                request.signed_out_because = over  # type: ignore[attr-defined]  # the log of sign-ins asks
                logout(request)
                messages.info(request, SIGNED_OUT[over])
            elif request.path in map(reverse, POLLED):
                return _warned(request, get_response(request), at)
            else:
                _mark_seen(request, at)
        return get_response(request)

    return middleware


def _over(request: HttpRequest, at: float) -> SignIn.Kind | None:
    """Why this session ends now."""
    return next((kind for kind, left in _left(request, at) if left < 0), None)


def _left(request: HttpRequest, at: float) -> Iterator[tuple[SignIn.Kind, float]]:
    """Why the session will end, and in how many seconds, as far as that may be soon."""
    idle, age = at - request.session.get(SEEN, at), at - request.session.get(STARTED, at)
    # Nobody may set less than five minutes or an hour; a page that was just seen costs no look at the settings.
    if idle > 300 - WARNED_S:
        yield SignIn.Kind.IDLE, 60 * configuration.value("web.idle_minutes") - idle
    if age > 3600 - WARNED_S and not standing.is_standing(request):
        yield SignIn.Kind.EXPIRED, 3600 * configuration.value("signin.session_hours") - age


def _warned(request: HttpRequest, response: HttpResponse, at: float) -> HttpResponse:
    kind, left = min(_left(request, at), key=lambda each: each[1], default=(None, math.inf))
    if kind is not None and left <= WARNED_S and request.user.is_authenticated:
        response["X-Sign-Out"] = f"{kind.value} {math.ceil(left)}"
    return response


def _mark_seen(request: HttpRequest, at: float) -> None:
    if at - request.session.get(SEEN, 0) > SEEN_STEP_S:
        request.session[SEEN] = at
        request.session.setdefault(STARTED, at)


def first_things(get_response: View) -> View:
    """A password that somebody else chose is changed before anything else; then a second factor is bound where the
    county asks it of this role."""

    def middleware(request: HttpRequest) -> HttpResponse:
        first = _first_thing(request) if request.user.is_authenticated else ""
        if first and request.path != reverse(first) and not _may_pass(request):
            return _for_scripts(request, reverse(first)) or redirect(first)
        return get_response(request)

    return middleware


def _first_thing(request: HttpRequest) -> str:
    # Our password is not what the identity provider asked for.
    if request.user.must_change_password and not flow.is_vouched(request):  # type: ignore[union-attr]
        return "web:password"
    return "signin:factor" if request.session.get(flow.MUST_BIND) else ""


def _may_pass(request: HttpRequest) -> bool:
    passing = (reverse("web:logout"), reverse("set_language"), reverse("health"))
    return request.path in passing or request.path.startswith(OWN_DOORS)


def disk_guard(get_response: View) -> View:
    """On a disk that is nearly full first files, then all writes are refused, in words. Reading goes on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in READS or request.path in WRITES_ALLOWED:
            return get_response(request)
        level = disk.state().level
        if level >= disk.Level.NO_WRITES:
            return errors.unavailable(request, 507)
        if level == disk.Level.NO_UPLOADS and request.FILES:
            return errors.answer(request, disk.full())
        return get_response(request)

    return middleware


class PlainRefusals:
    """A UserError that a view lets through becomes its 4xx answer; nothing was changed."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.answer(request, exception) if isinstance(exception, UserError) else None
