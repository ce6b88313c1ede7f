from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from chengyun.casework.worktop import saved
from chengyun.core.declarations import ListAid, StepAid


def saved_views(request: Any, page: str) -> str:
    """The chips of a list; one statement."""
    views = list(saved.views_of(request.actor, page).values("name", "query"))
    current = saved.query_of(request.GET)
    context = {
        "views": views, "current": current, "page": page, "address": reverse(saved.PAGES[page]),
        "can_save": bool(current) and all(view["query"] != current for view in views),
        "post_name": request.actor.post_name,
    }  # fmt: skip
    return render_to_string("worktop/_chips.html", context, request=request)


def bulk_bar(request: HttpRequest, page: str) -> str:
    return render_to_string("worktop/_bulk_bar.html", request=request)


def step_draft(request: HttpRequest, case: Any, verb: str) -> str:
    return render_to_string("ui/_draft.html", {"draft_key": f"step:{case.number}:{verb}"}, request=request)


DECLARATIONS: list[object] = [
    ListAid(saved_views, order=10),
    ListAid(bulk_bar, order=20),
    StepAid(step_draft, order=900),
]
