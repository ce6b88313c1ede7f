"""Full page or partial: the one place that decides."""

from __future__ import annotations

from django.http import HttpRequest


def wants_partial(request: HttpRequest) -> bool:
    """True when htmx asks for a part of a page that stands; a page restored from history is a whole one."""
    headers = request.headers
    restoring = headers.get("HX-History-Restore-Request") == "true"
    return headers.get("HX-Request") == "true" and headers.get("HX-Boosted") != "true" and not restoring
