"""Who may open a page of this module."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpResponse

from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.access import refused
from chengyun.people.roles import Role

View = TypeVar("View", bound=Callable[..., HttpResponse])


def only(*roles: Role, to_change: tuple[Role, ...] = ()) -> Callable[[View], View]:
    """These roles may open the page; a POST needs one of `to_change`, where it is given."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            needed = to_change if to_change and request.method == "POST" else roles
            if not request.actor.for_county(*needed):
                raise refused(needed)
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return decorate
