"""Excel: out, in, the differences, applying them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengyun.core import instants
from chengyun.core.errors import Conflict, NotFound, UserError
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import RegisterUpload
from chengyun.people.registers import access, uploads, workbook
from chengyun.people.registers.book import Book, Differences, OnMap, Terms, Written
from chengyun.people.registers.declaration import Register
from chengyun.people.registers.views.parts import posted, tried

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows of one kind that the page of differences shows.
SHOWN = 200


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("用“导出 Excel”得到的文件填写，不超过 5 MB"),
        error_messages={
            "required": gettext_lazy("请选择要导入的文件。"),
            "empty": gettext_lazy("文件是空的，请重选。"),
        },
    )
    day = forms.DateField(
        label=gettext_lazy("生效日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("改动从这一天起有效，之前的照旧"),
        error_messages={"required": gettext_lazy("请填写生效日期。")},
    )
    whole = forms.BooleanField(
        label=gettext_lazy("文件是完整清单：其中没有的行停用"),
        required=False,
        help_text=gettext_lazy("不勾选则只新增和修改"),
    )

    system = forms.ChoiceField(
        label=gettext_lazy("坐标系"), required=False, help_text=gettext_lazy("选错会偏几百米；写入前先看图上的位置")
    )

    def __init__(self, book: Book, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._place(book)
        self.fields["day"].initial = instants.today()
        if not book.dated:
            del self.fields["day"]
        if book.whole != "choice":
            del self.fields["whole"]

    def _place(self, book: Book) -> None:
        file, system = self.fields["file"], self.fields["system"]
        assert isinstance(system, forms.ChoiceField)
        if isinstance(book, OnMap):
            file.label, file.help_text = _("文件"), str(book.files)
            file.widget.attrs["accept"] = book.accepts
            system.choices = book.systems()
        else:
            del self.fields["system"]

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(given.get("day") or instants.today(), given.get("whole", False), given.get("system", ""))


@require_safe
def export(request: ActorRequest, key: str) -> HttpResponse:
    """What stands today, ready to be changed and brought back."""
    register, book = _with_book(access.reading(request.actor, key))
    content = workbook.written(book, book.standing(Terms(instants.today(), whole=True)))
    name = quote(f"{book.name}-{instants.today():%Y%m%d}.xlsx")
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    add_never_cache_headers(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: ActorRequest, key: str) -> HttpResponse:
    register, book = _with_book(access.changing(request.actor, key))
    form = UploadForm(book, posted(request), request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        if taken := tried(form, lambda: uploads.take(register, file, form.terms, by=request.actor)):
            return redirect("registers:upload", register.key, taken.pk)
    context = {"register": register, "book": book, "form": form}
    return render(request, "registers/upload.html", context, status=422 if form.errors else 200)


@require_safe
def show_upload(request: ActorRequest, key: str, pk: int) -> HttpResponse:
    register, book = _with_book(access.changing(request.actor, key))
    kept = uploads.upload_of(register, pk, request.actor)
    if kept.applied_at is not None:
        return render(request, "registers/applied.html", {"register": register, "upload": kept})
    try:
        _reading, found = uploads.differences(book, kept)
    except UserError as error:
        context = {"register": register, "upload": kept, "fault": str(error)}
        return render(request, "registers/unreadable.html", context, status=422)
    return _differences(request, register, kept, found)


@require_safe
def drawn(request: ActorRequest, key: str, pk: int) -> HttpResponse:
    """What the file would change, on the map."""
    register, book = _with_book(access.changing(request.actor, key))
    if not isinstance(book, OnMap):
        raise NotFound(_("这本台账不在图上。"))
    reading, found = uploads.differences(book, uploads.upload_of(register, pk, request.actor))
    return HttpResponse(book.drawn(reading, found), content_type="application/geo+json")


@require_POST
def apply(request: ActorRequest, key: str, pk: int) -> HttpResponse:
    register, book = _with_book(access.changing(request.actor, key))
    kept = uploads.upload_of(register, pk, request.actor)
    try:
        _found, told = uploads.apply(book, kept, by=request.actor, seen=request.POST.get("seen", ""))
    except Conflict as error:
        kept = uploads.upload_of(register, pk, request.actor)
        if kept.applied_at is not None:
            raise
        _reading, found = uploads.differences(book, kept)
        return _differences(request, register, kept, found, str(error), 409)
    except UserError as error:
        _reading, found = uploads.differences(book, kept)
        return _differences(request, register, kept, found, str(error), 422)
    if told.told_once:
        return _told_once(request, register, told)
    messages.success(request, _("已导入“%(file)s”。") % {"file": kept.file_name})
    return redirect("registers:upload", register.key, kept.pk)


def _differences(
    request: ActorRequest,
    register: Register,
    kept: RegisterUpload,
    found: Differences,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "register": register,
        "upload": kept,
        "found": found,
        "kinds": [(kind, title, found.of(kind)[:SHOWN], len(found.of(kind))) for kind, title in _kinds()],
        "faults": found.faults[:SHOWN],
        "fault": fault,
        "is_on_map": isinstance(register.book, OnMap) and bool(found.rows),
    }
    return render(request, "registers/differences.html", context, status=status)


def _kinds() -> list[tuple[str, str]]:
    return [("changed", _("变更")), ("added", _("新增")), ("retired", _("停用"))]


def _told_once(request: ActorRequest, register: Register, told: Written) -> HttpResponse:
    heads, *lines = told.told_once
    context = {"register": register, "heads": heads, "lines": lines, "advice": told.advice}
    response = render(request, "registers/once_many.html", context)
    add_never_cache_headers(response)
    return response


def _with_book(register: Register) -> tuple[Register, Book]:
    if register.book is None:
        raise NotFound(_("这本台账没有 Excel 导入导出。"))
    return register, register.book
