"""A file of components from the browser: upload, differences, apply."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengyun.assets.forms import UploadForm
from chengyun.assets.services import uploads
from chengyun.assets.views.keeping import keepers, tried
from chengyun.core.errors import Conflict, UserError
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import RegisterUpload


@require_http_methods(["GET", "POST"])
@keepers
def new(request: ActorRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        taken = tried(form, lambda: uploads.take(form.cleaned_data["file"], by=request.actor))
        if taken:
            return redirect("assets:upload", taken.pk)
    return render(request, "assets/upload.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@keepers
def show(request: ActorRequest, pk: int) -> HttpResponse:
    upload = uploads.upload_of(pk, request.actor)
    fault, status = "", 200
    if request.method == "POST":
        try:
            summary = uploads.apply(upload, by=request.actor, seen=request.POST.get("seen", ""))
        except Conflict as error:
            fault, status = str(error), 409
        else:
            messages.success(request, str(summary))
            return redirect("assets:list")
    return _differences(request, upload, fault, status)


def _differences(request: ActorRequest, upload: RegisterUpload, fault: str, status: int) -> HttpResponse:
    if upload.applied_at is not None:
        messages.info(request, _("这个文件已经导入过。"))
        return redirect("assets:list")
    try:
        context = {"upload": upload, "preview": uploads.preview(upload, by=request.actor), "fault": fault}
    except UserError as error:
        return render(request, "assets/upload.html", {"form": UploadForm(), "fault": str(error)}, status=422)
    return render(request, "assets/differences.html", context, status=status)
