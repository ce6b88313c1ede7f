"""Many cases at once: chosen in a list → what will happen to each → taken → what became of each."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from chengyun.casework.cases.workflow import STEPS
from chengyun.casework.worktop import bulk
from chengyun.casework.worktop.bulk_forms import brought_by, common_form, row_fields
from chengyun.casework.worktop.models import BulkRun
from chengyun.core.digits import whole
from chengyun.core.instants import today
from chengyun.people.middleware import ActorRequest
from chengyun.taxonomy.queries import county_catalogue


@require_POST
def show(request: ActorRequest) -> HttpResponse:
    """The preview; nothing is written here."""
    items = bulk.chosen_cases(request.actor, request.POST.getlist("case"))
    steps = bulk.offered(items)
    verb = _verb(request.POST.get("verb", ""), steps)
    context = {"items": items, "verb": verb, "token": secrets.token_hex(16), "steps": _titled(steps)}
    return render(request, "worktop/bulk.html", context | (_tried(request, items, verb) if verb else {}))


def _verb(asked: str, steps: list[tuple[str, int]]) -> str:
    return asked if asked in dict(steps) else steps[0][0] if steps else ""


def _titled(steps: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"verb": verb, "title": STEPS[verb].title, "count": count} for verb, count in steps]


def _tried(request: ActorRequest, items: list[bulk.Item], verb: str) -> dict[str, Any]:
    data = request.POST
    if "department" in STEPS[verb].brings:
        bulk.propose_departments(items)
    brought_by(items, verb, data)
    bulk.try_out(items, verb, request.actor)
    fields = row_fields(items, verb, data)
    classes = county_catalogue(today()) if "minor_class" in STEPS[verb].brings else []
    return {
        "rows": [{"item": item, "fields": fields.get(item.case.number, [])} for item in items],
        "step": STEPS[verb],
        "form": common_form(items, verb, data),
        "classes": classes,
        "ready": sum(1 for item in items if item.plan),
    }


@require_POST
def take(request: ActorRequest) -> HttpResponse:
    """Confirmed: every chosen case that offers the step. A second click leads to the same result."""
    items = bulk.chosen_cases(request.actor, request.POST.getlist("case"))
    verb = request.POST.get("verb", "")
    chosen = [(item.case.number, _version(request, item)) for item in items]
    run, is_new = bulk.begin(request.actor, request.POST.get("token", ""), verb, chosen)
    if is_new:
        if "department" in STEPS[verb].brings:
            bulk.propose_departments(items)
        brought_by(items, verb, request.POST)
        bulk.take(run, request.actor, {item.case.number: item.brought for item in items})
    return redirect("worktop:bulk_result", run.token)


def _version(request: ActorRequest, item: bulk.Item) -> int:
    """The version on the preview; without one the step is refused as outdated."""
    return whole(request.POST.get(f"version-{item.case.number}"), most=8) or 0


@require_GET
def result(request: ActorRequest, token: str) -> HttpResponse:
    run = get_object_or_404(BulkRun, user_id=request.actor.user_id, token=token)
    found = bulk.outcomes(run, request.actor)
    done, others = ([each for each in found if each.is_done is done] for done in (True, False))
    context = {"run": run, "step": STEPS[run.verb], "done": done, "others": others}
    return render(request, "worktop/bulk_result.html", context)
