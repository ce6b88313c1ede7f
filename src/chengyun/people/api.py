"""Who calls the API: the bearer of a token, as its user and within its scopes."""

from __future__ import annotations

from typing import Final, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from chengyun.core import configuration
from chengyun.core.errors import NotAllowed, UserError
from chengyun.people import rate
from chengyun.people.access import actor_for
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import ApiToken, Scope
from chengyun.people.tokens import recognised, scopes_of

SECRET_LENGTHS: Final = range(20, 100)


class TooManyCalls(UserError):
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(_("调用太频繁；请在 %d 秒后再试") % seconds, code="too_many_calls")
        self.seconds = seconds


class Bearer(HttpBearer):
    """Lets in the bearer of a living token that has one of these scopes; `request.actor` is its user."""

    openapi_name = "token"

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = recognised(token) if len(token) in SECRET_LENGTHS else None
        if found is None:
            return None
        self._check(found)
        caller = cast(ActorRequest, request)
        caller.user, caller.actor = found.user, actor_for(found.user)
        return found

    def _check(self, token: ApiToken) -> None:
        if wait := rate.seconds_to_wait(token.pk, int(configuration.value("api.calls_per_minute"))):
            raise TooManyCalls(wait)
        if not set(self.scopes).intersection(scopes_of(token)):
            needed = " / ".join(self.scopes)
            raise NotAllowed(_("这个令牌没有所需的权限：%s") % needed, code="scope")
