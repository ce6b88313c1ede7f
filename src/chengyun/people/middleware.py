from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from chengyun.people.access import Actor, actor_for
from chengyun.people.models import User


class ActorRequest(HttpRequest):
    """A request of a logged-in person, as our views take it."""

    user: User
    actor: Actor


class ActorMiddleware:
    """Puts `request.actor` on every request; it asks the database only when somebody looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = SimpleLazyObject(lambda: actor_for(request.user))
        cast(ActorRequest, request).actor = cast(Actor, actor)
        return self.get_response(request)
