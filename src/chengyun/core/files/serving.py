"""Who sees a file decides its owner's module; pictures go out as derivatives only."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from chengyun.core import configuration, history
from chengyun.core.declarations import FileOwner, collect
from chengyun.core.file_models import StoredFile
from chengyun.core.files.pictures import SIZES, derive
from chengyun.core.files.storing import derived_folder, original_path
from chengyun.core.instants import SHANGHAI

MaySee = Callable[[HttpRequest, int], bool]

# Played or shown by the browser itself; anything else is offered for saving.
INLINE = ("audio/", "video/")
CACHE_S = 3600
ORIGINAL = "original"

_owners: dict[str, MaySee] = {}


def served_by(kind: str, may_see: MaySee) -> None:
    """The module of `kind` says whether a request may see the owner with this id (and so its files).

    Call it in the module's `declares.py`, or list a `FileOwner` there, which is the same.
    """
    _owners[kind] = may_see


def url(file: StoredFile, size: str = "view") -> str:
    """Address of a picture's derivative (`thumb`, `view`), or of any other file as it is."""
    return reverse("core:file", args=[file.pk, size if file.is_picture else "file"])


@require_safe
def serve(request: HttpRequest, file_id: int, size: str) -> HttpResponse | FileResponse:
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None or file.is_erased or not _may_see(request, file) or not _has(file, size):
        raise Http404
    if size == ORIGINAL:
        return _original(request, file)
    watermark = _watermark(file) if file.is_picture else ""
    tag = f'"{file.sha256[:16]}-{size}-{_short(watermark)}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        response = _response(file, size, watermark)
    response["ETag"] = tag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, private=True, max_age=CACHE_S)
    return response


def derivative(file: StoredFile, size: str, watermark: str = "") -> Path:
    """Made at the first look, kept on the disk, made again whenever it is missing."""
    path = derived_folder(file.sha256) / f"{size}-{_short(watermark)}.jpg"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        os.close(handle)
        try:
            derive(original_path(file.sha256), Path(draft), size, watermark)
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)
    return path


def shown(file: StoredFile) -> Path | None:
    """A picture as everybody sees it, for a document that goes out; None for what was erased or is no picture."""
    return None if file.is_erased or not file.is_picture else derivative(file, "view", _watermark(file))


def _may_see(request: HttpRequest, file: StoredFile) -> bool:
    if file.owner_id is None:
        return file.by_id is not None and file.by_id == request.user.pk
    declared = {owner.kind: owner.may_see for owner in collect(FileOwner)}  # reads every declares.py, once
    may_see = _owners.get(file.owner_kind) or declared.get(file.owner_kind)
    return may_see is not None and may_see(request, file.owner_id)


def _original(request: HttpRequest, file: StoredFile) -> FileResponse:
    """Only by the word of its owner's module, and written down each time."""
    owner = next((each for each in collect(FileOwner) if each.kind == file.owner_kind), None)
    if owner is None or owner.may_take is None or file.owner_id is None or not owner.may_take(request, file.owner_id):
        raise Http404
    history.record(file.key, "file.original_taken", file.facts(), by=cast(Any, request).actor)
    name = file.name if Path(file.name).suffix else f"{file.pk}{mimetypes.guess_extension(file.mime) or ''}"
    response = FileResponse(
        original_path(file.sha256).open("rb"), content_type=file.mime, as_attachment=True, filename=name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _has(file: StoredFile, size: str) -> bool:
    return size in (*SIZES, ORIGINAL) if file.is_picture else size == "file"


def _response(file: StoredFile, size: str, watermark: str) -> FileResponse:
    if file.is_picture:
        return FileResponse(derivative(file, size, watermark).open("rb"), content_type="image/jpeg")
    return FileResponse(
        original_path(file.sha256).open("rb"),
        content_type=file.mime,
        as_attachment=not file.mime.startswith(INLINE),
        filename=file.name,
    )


def _watermark(file: StoredFile) -> str:
    text = str(configuration.value("files.watermark"))
    moment = (file.taken_at or file.stored_at).astimezone(SHANGHAI)
    return f"{text} {moment:%Y-%m-%d %H:%M}" if text else ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else "plain"
