from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

import chengyun
from chengyun import ui
from chengyun.people.middleware import ActorRequest
from chengyun.web.help import books

VENDORED = Path(ui.__file__).parent / "static/vendor/vendor.lock"


@require_GET
def own(request: ActorRequest) -> HttpResponse:
    """The handbook of the reader's own posts."""
    return redirect("help:book", books.books_for(request.actor)[0].name)


@require_GET
def book(request: ActorRequest, name: str) -> HttpResponse:
    chosen = books.book_for(request.actor, name)
    context = {"book": chosen, "page": books.read(chosen, request.actor), "books": books.books_for(request.actor)}
    return render(request, "help/book.html", context)


@require_GET
@cache_control(private=True, max_age=86_400)
def picture(request: ActorRequest, name: str) -> FileResponse:
    return FileResponse(books.picture(name).open("rb"), content_type="image/webp")


@require_GET
def about(request: ActorRequest) -> HttpResponse:
    context = {
        "version": chengyun.__version__,
        "django": django.get_version(),
        "database": f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}",
        "vendored": _vendored(),
    }
    return render(request, "help/about.html", context)


def _vendored() -> list[dict[str, Any]]:
    """The third-party files of the pages, with version and licence."""
    found: list[dict[str, Any]] = json.loads(VENDORED.read_text(encoding="utf-8"))["packages"]
    return found
