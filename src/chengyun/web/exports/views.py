from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengyun.casework.cases import filters
from chengyun.core.errors import NotFound
from chengyun.core.exports import export_named
from chengyun.core.instants import SHANGHAI, now
from chengyun.people.middleware import ActorRequest
from chengyun.ui.htmx import wants_partial
from chengyun.web.exports import services
from chengyun.web.exports.jobs import make_export
from chengyun.web.exports.models import ExportRun

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Where a page of the list begins is no part of what is exported.
PLACES = frozenset({*filters.PLACES, "case"})


@require_POST
def make(request: ActorRequest, key: str) -> HttpResponseBase:
    """The list whose page has this address: `?` holds its filters."""
    export = export_named(key)
    params = {name: str(value) for name, value in request.GET.items() if name not in PLACES and value}
    rows = services.rows_for(export, request.actor, params)
    if not services.is_long(rows):
        made = services.made_at_once(export, request.actor, params, rows)
        return FileResponse(made, as_attachment=True, filename=_name(str(export.title)), content_type=XLSX)
    with transaction.atomic():
        run, is_new = services.ask(export, request.actor, params, get_language() or "zh-hans")
        if is_new:
            make_export.enqueue(run.pk)
    return redirect("exports:run", run.pk)


def _name(title: str) -> str:
    return f"{title} {now().astimezone(SHANGHAI):%Y-%m-%d %H%M}.xlsx"


@require_GET
def runs(request: ActorRequest) -> HttpResponse:
    return render(request, "exports/runs.html", {"runs": list(services.runs_of(request.actor)[:50])})


@require_GET
def run(request: ActorRequest, pk: int) -> HttpResponse:
    context = {"run": services.run_of(request.actor, pk)}
    return render(request, "exports/_run.html" if wants_partial(request) else "exports/run.html", context)


@require_GET
def download(request: ActorRequest, pk: int) -> FileResponse:
    found = services.run_of(request.actor, pk)
    if found.state != ExportRun.State.READY or not found.path.exists():
        raise NotFound(_("这个导出文件还没有生成，或者已经删除；请重新导出"))
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=_name(found.title), content_type=XLSX)
