"""The page of a kind's template: which holds, download, change in Word, upload; back to the delivered one."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.digits import whole
from chengyun.core.errors import NotFound
from chengyun.insight.word.versions import MOST_READ, Shelf
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import tried

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TemplateForm(forms.Form):
    template = forms.FileField(
        label=gettext_lazy("Word 模板（.docx）"), widget=forms.FileInput(attrs={"accept": ".docx"})
    )


def template_page(
    request: ActorRequest, shelf: Shelf, kind: str, *, page: str, html: str, done: str, **context: Any
) -> HttpResponse:
    """`page` names the address; `<page>_file` is the one of the file. `done` says what a new template means."""
    shelf.check_writes(request.actor)
    form = TemplateForm()
    if request.method == "POST":
        form = TemplateForm(request.POST, request.FILES)
        if _replaced(request, shelf, kind, form, done):
            return redirect(page, kind)
    versions = shelf.versions(kind)
    context |= {
        "form": form, "kind": kind, "versions": versions, "own": bool(versions and versions[0].name), "page": page,
        "file_page": f"{page}_file",
    }  # fmt: skip
    return render(request, html, context, status=422 if form.errors else 200)


def _replaced(request: ActorRequest, shelf: Shelf, kind: str, form: TemplateForm, done: str) -> bool:
    if "delivered" in request.POST:
        shelf.back_to_delivered(kind, by=request.actor)
        messages.success(request, _("已恢复系统自带的模板"))
        return True
    if not form.is_valid():
        return False
    upload = form.cleaned_data["template"]
    content = upload.read(MOST_READ)
    if tried(form, lambda: shelf.replace(kind, upload.name, content, by=request.actor)) is None:
        return False
    messages.success(request, done)
    return True


def template_file(request: ActorRequest, shelf: Shelf, kind: str, name: str) -> HttpResponse:
    """The template that holds, called `name`, or with `version` an earlier one under its own."""
    shelf.check_writes(request.actor)
    version = request.GET.get("version", "")
    if not version:
        return attached(shelf.current(kind), f"{name}.docx", WORD)
    row = shelf.version(kind, whole(version) or 0)
    if row is None or not row.content:
        raise NotFound(_("没有这个版本的模板"))
    return attached(bytes(row.content), row.name, WORD)


def attached(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["Cache-Control"] = "no-store"
    return response
