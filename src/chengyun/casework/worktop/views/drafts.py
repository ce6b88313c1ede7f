"""Drafts, asked and told by <draft-keeper>."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from chengyun.casework.worktop import drafts
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.ui.templatetags.ui_tags import local_time

BIGGEST = 100_000


@require_http_methods(["GET", "PUT", "DELETE"])
def draft(request: ActorRequest, key: str) -> HttpResponse:
    key = drafts.key_of(key)
    if request.method == "GET":
        found = drafts.read(request.actor, key)
        answer = {"fields": found.fields, "at": local_time(found.saved_at)} if found else {}
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})
    if request.method == "DELETE":
        drafts.drop(request.actor, key)
    else:
        drafts.keep(request.actor, key, _fields(request))
    return HttpResponse(status=204)


@sensitive_variables()
def _fields(request: HttpRequest) -> dict[str, object]:
    try:
        if len(request.body) > BIGGEST:
            raise ValueError
        fields = json.loads(request.body)
        if not isinstance(fields, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise UserError(_("草稿无法识别，没有保存"), field="fields") from None
    return fields
