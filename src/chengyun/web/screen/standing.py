"""Accounts of a wall: not signed out for idleness in the middle of the night, and therefore able to read only."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from chengyun.core import configuration
from chengyun.core.errors import NotAllowed
from chengyun.web import errors

SETTING = "screen.standing_accounts"
# What a wall account may still send: its own leaving, and the language.
MAY_SEND = ("web:logout", "web:login", "web:password", "set_language")
READS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_standing(request: HttpRequest) -> bool:
    user = request.user
    return bool(user.is_authenticated and user.get_username() in configuration.value(SETTING))


def keeps_awake(request: HttpRequest) -> bool:
    """True of the screen's own poll, where the county has said that this account stands."""
    return request.path == reverse("screen:data") and is_standing(request)


def reads_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nobody stands before a wall all night: its account changes nothing, whatever its post may do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in READS and is_standing(request) and request.path not in map(reverse, MAY_SEND):
            return errors.answer(request, NotAllowed(_("大屏账号只能查看，办理请用自己的账号登录。")))
        return get_response(request)

    return middleware
