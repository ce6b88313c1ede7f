"""What changed since a page was made (DESIGN §6): polled every few seconds, so the usual answer costs one read."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from chengyun.casework.cases.queries import visible_to
from chengyun.casework.urgent.queries import KINDS as URGENT
from chengyun.core import events
from chengyun.core.errors import UserError
from chengyun.core.events import Cursor, Event
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest

CASE = "case:"
MOST = 200


@require_GET
def live(request: ActorRequest) -> HttpResponse:
    found = events.after(asked_cursor(request), limit=MOST)
    if not found:
        return HttpResponse(status=204)
    news = {"cursor": str(found[-1].cursor), "cases": visible_cases(request.actor, case_ids(found))}
    # The urgent line asks for itself what it may show.
    return JsonResponse(news | {"urgent": any(event.kind.startswith(URGENT) for event in found)})


@never_cache
@require_GET
def stay(request: ActorRequest) -> HttpResponse:
    """A sign of life of whoever was warned: that it was asked for is all (`web.middleware.idle_timeout`)."""
    return HttpResponse(status=204)


def asked_cursor(request: HttpRequest) -> Cursor:
    try:
        return Cursor.parse(request.GET.get("after", ""))
    except ValueError as error:
        raise UserError(_("游标无效，请刷新页面。"), field="after") from error


def case_ids(found: Iterable[Event]) -> set[int]:
    return {int(event.subject.removeprefix(CASE)) for event in found if event.subject.startswith(CASE)}


def visible_cases(actor: Actor, ids: set[int]) -> list[int]:
    """Only what the asker may see: that a case changed is itself knowledge."""
    return list(visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else []
