"""One log line and one set of numbers per request, and an id that all its lines carry."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse

from chengyun.operations.metrics.passing import served

log = structlog.get_logger("chengyun.request")
View = Callable[[HttpRequest], HttpResponse]

# What proxies write there: hexadecimal digits, perhaps as a UUID. Anything else could be somebody's words.
REQUEST_ID = re.compile(r"[0-9a-f]{8}[0-9a-f-]{8,56}", re.ASCII)
ELEVEN_DIGITS = re.compile(r"\d{11}")
# Names are Chinese; our own paths are plain letters.
NOT_PLAIN = re.compile(r"[^!-~]+")
LONGEST_PATH = 200
QUIET = ("health", "live", "ready", "metrics")


class SqlCount:
    """Counts the statements of a request; as Django's own wrapper it sees each of them."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def request_log(get_response: View) -> View:
    """The query string, names and numbers of people stay out of the line."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = accepted_id(request.META.get("HTTP_X_REQUEST_ID", ""))
        request.META["chengyun.request_id"] = request_id
        started, count = time.perf_counter(), SqlCount()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            with connection.execute_wrapper(count):
                response = get_response(request)
            note(request, response, time.perf_counter() - started, count.statements)
        response["X-Request-ID"] = request_id
        return response

    return middleware


def accepted_id(told: str) -> str:
    """The proxy's own where it is one; `operations.proxies` has taken away what others sent."""
    is_plain = REQUEST_ID.fullmatch(told) and not ELEVEN_DIGITS.search(told)
    return told if is_plain else uuid.uuid4().hex


def note(request: HttpRequest, response: HttpResponse, seconds: float, statements: int) -> None:
    view = name_of(request)
    served(view, request.method or "", response.status_code, seconds, statements)
    level = 10 if view in QUIET and response.status_code < 400 else 20
    log.log(
        level,
        "request",
        method=request.method,
        path=plain_path(request.path),
        view=view,
        status=response.status_code,
        ms=round(seconds * 1000),
        sql=statements,
        bytes=len(response.content) if not response.streaming else None,
        address=request.META.get("REMOTE_ADDR", ""),
        user=user_of(request),
    )


def name_of(request: HttpRequest) -> str:
    """The view's name, one of a fixed number; blank where the address leads nowhere."""
    match = request.resolver_match
    return (match.view_name or match._func_path) if match else ""


def plain_path(path: str) -> str:
    return NOT_PLAIN.sub("·", path[:LONGEST_PATH])


def user_of(request: HttpRequest) -> int | None:
    """Who, as a number, where some view has asked for it anyway: a log line costs no statement."""
    session = getattr(request, "session", None)
    if session is None or not getattr(session, "accessed", False) or not hasattr(session, "_session_cache"):
        return None
    known = session.get("_auth_user_id")
    return int(known) if known else None
