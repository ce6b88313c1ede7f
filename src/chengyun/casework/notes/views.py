"""Notes of one case, whom they may call, and the cases that I follow."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from chengyun.casework.cases import filters
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import case_for
from chengyun.casework.cases.rows import rows_of
from chengyun.casework.notes import panels, queries, services
from chengyun.casework.notes.forms import NoteForm
from chengyun.casework.notes.people import offered
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.people.middleware import ActorRequest
from chengyun.ui.htmx import wants_partial


def notes(request: ActorRequest, number: str) -> HttpResponse:
    """The notes of a case as its page shows them; POST adds one."""
    case = case_for(request.actor, number)
    queries.check_reads_notes(request.actor)
    if request.method != "POST":
        return _answer(request, case, NoteForm())
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, case, form, status=422)
    try:
        services.add_note(case, form.cleaned_data["text"], by=request.actor, uploads=form.cleaned_data["attached"])
    except UserError as error:
        form.add_error("text" if error.field == "text" else "attached", str(error))
        return _answer(request, case, form, status=422)
    return _answer(request, case, NoteForm())


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    note = queries.note_for(request.actor, pk)
    services.withdraw(note, by=request.actor)
    return _answer(request, note.case, NoteForm())


def _answer(request: ActorRequest, case: Case, form: NoteForm, status: int = 200) -> HttpResponse:
    """htmx replaces the panel; a plain form goes back to the case, or sees its fault on a page of its own."""
    if not wants_partial(request) and status == 200 and request.method == "POST":
        return redirect(case)
    template = "notes/_notes.html" if wants_partial(request) else "notes/notes.html"
    return render(request, template, panels.context(request, case, form), status=status)


@require_safe
def people(request: ActorRequest, number: str) -> JsonResponse:
    """Colleagues for the completion of @姓名: `{people: [{call, name, department, may_see}]}`."""
    case = case_for(request.actor, number)
    queries.check_reads_notes(request.actor)
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:20]
    found = offered(case, typed)
    rows = [
        {"call": each.call, "name": each.user.name, "department": each.department, "may_see": each.may_see}
        for each in found
    ]
    return JsonResponse({"people": rows})


@require_POST
def watch(request: ActorRequest, number: str) -> HttpResponse:
    case = case_for(request.actor, number)
    change = services.watch if request.POST.get("on") == "1" else services.unwatch
    change(case, by=request.actor)
    if wants_partial(request):
        return HttpResponse(panels.watch_control(request, case))
    return redirect(case)


@require_GET
def watched_page(request: ActorRequest) -> HttpResponse:
    """The cases that I follow, newest first."""
    page = filters.newest_first(queries.watched(request.actor), request.GET)
    context = {"rows": rows_of(page.cases, now()), "page": page, "selected": "", "filters": {}}
    return render(request, "notes/watched.html", context)
