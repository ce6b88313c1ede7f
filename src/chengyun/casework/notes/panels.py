"""What the case page shows of notes: the panel in its aside, and the button that follows the case."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string

from chengyun.casework.cases.models import Case
from chengyun.casework.notes import queries
from chengyun.casework.notes.forms import NoteForm
from chengyun.people.middleware import ActorRequest


def notes_panel(request: HttpRequest, case: Case) -> str:
    if not queries.reads_notes(cast(ActorRequest, request).actor):
        return ""
    return render_to_string("notes/_notes.html", context(request, case, NoteForm()), request=request)


def context(request: HttpRequest, case: Case, form: NoteForm) -> dict[str, Any]:
    return {"case": case, "form": form, "notes": queries.notes_of(case, cast(ActorRequest, request).actor)}


def watch_control(request: HttpRequest, case: Case) -> str:
    actor = cast(ActorRequest, request).actor
    if not queries.reads_notes(actor):
        return ""
    shown = {"case": case, "is_watched": queries.is_watched(case, actor)}
    return render_to_string("notes/_watch.html", shown, request=request)
