"""Orders as lists and pages, and the import from the browser: upload → preview → confirm → result."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengyun.core.errors import NotFound, UserError
from chengyun.core.tables.bad_rows import SUFFIX
from chengyun.intake.hotline import queries
from chengyun.intake.hotline.forms import ColumnsForm, UploadForm
from chengyun.intake.hotline.jobs import run_import
from chengyun.intake.hotline.models import HotlineImport
from chengyun.intake.hotline.reading.columns import LABELS
from chengyun.intake.hotline.services import uploads
from chengyun.intake.hotline.services.importing import Summary
from chengyun.people.middleware import ActorRequest
from chengyun.ui.htmx import wants_partial


@require_GET
def list_orders(request: ActorRequest) -> HttpResponse:
    page = queries.page_of(queries.orders_for(request.actor), request.GET)
    context = {
        "page": page,
        "newer_url": f"?{urlencode({'after': page.newer})}" if page.newer else "",
        "older_url": f"?{urlencode({'before': page.older})}" if page.older else "",
    }
    return render(request, "hotline/orders.html", context)


@require_GET
def show_order(request: ActorRequest, pk: int) -> HttpResponse:
    order = queries.order_for(request.actor, pk)
    supplements = order.report.supplements.order_by("id")
    return render(request, "hotline/order.html", {"order": order, "supplements": supplements})


@require_http_methods(["GET", "POST"])
def upload(request: ActorRequest) -> HttpResponse:
    queries.require(request.actor)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = uploads.take_upload(form.cleaned_data["file"], feed=form.cleaned_data["feed"], by=request.actor)
        except UserError as fault:
            form.add_error(fault.field or None, str(fault))
        else:
            return redirect("hotline:import", run.pk)
    return render(request, "hotline/upload.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def show_import(request: ActorRequest, pk: int) -> HttpResponse:
    run = queries.import_for(request.actor, pk)
    if run.state == HotlineImport.State.UPLOADED:
        return _preview(request, run)
    context = {"run": run, "summary": Summary.of(run), "has_bad_rows": uploads.bad_rows_of(run).exists()}
    return render(request, "hotline/_result.html" if wants_partial(request) else "hotline/result.html", context)


def _preview(request: ActorRequest, run: HotlineImport, form: ColumnsForm | None = None) -> HttpResponse:
    """The columns guessed, or those chosen in the address (`?text=…`) when the user looks again."""
    asked = {name: str(value) for name, value in request.GET.items() if name in LABELS}
    chosen = form.told if form else asked
    try:
        found = uploads.preview(run, chosen)
    except UserError as fault:
        return render(request, "hotline/unreadable.html", {"run": run, "fault": fault}, status=422)
    form = form or ColumnsForm(found.header, initial=found.mapping or chosen)
    context = {"run": run, "preview": found, "form": form, "rows_to_try": uploads.ROWS_TO_TRY}
    return render(request, "hotline/preview.html", context, status=422 if form.errors else 200)


@require_POST
def confirm_import(request: ActorRequest, pk: int) -> HttpResponse:
    run = queries.import_for(request.actor, pk)
    if run.state != HotlineImport.State.UPLOADED:
        return redirect("hotline:import", run.pk)
    if "look" in request.POST:
        chosen = {name: request.POST.get(name, "") for name in LABELS}
        return redirect(f"{reverse('hotline:import', args=[run.pk])}?{urlencode(chosen)}")
    form = ColumnsForm(uploads.preview(run, {}).header, request.POST)
    if not form.is_valid() or uploads.preview(run, form.told).fault:
        return _preview(request, run, form)
    uploads.confirm(run, form.told)
    run_import.enqueue(run.pk)
    return redirect("hotline:import", run.pk)


@require_GET
def bad_rows(request: ActorRequest, pk: int) -> FileResponse:
    run = queries.import_for(request.actor, pk)
    path = uploads.bad_rows_of(run)
    if not run.stored_as or not path.exists():
        raise NotFound(_("这次导入没有错误行"))
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{run.file_name}{SUFFIX}")
