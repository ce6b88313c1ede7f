from __future__ import annotations

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chengyun.operations import health as asking
from chengyun.operations.metrics import telling

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ready_reasons = asking.Kept(asking.reasons)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """For a load balancer or a watchdog: this process answers and its database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """This process answers: when it does not, it has to be started again."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    reasons = ready_reasons()
    return JsonResponse(
        {"status": "not ready" if reasons else "ok", "reasons": reasons}, status=503 if reasons else 200
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """With the token, where one is set; else for whoever asks on this machine itself."""
    if not _may_read(request):
        return HttpResponse(status=403)
    return HttpResponse(telling.text(), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        told = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(told.encode(), settings.METRICS_TOKEN.encode())
    # Behind a proxy on this machine everybody would seem to be local.
    if settings.BEHIND_PROXY or settings.TRUSTED_PROXIES or "HTTP_X_FORWARDED_FOR" in request.META:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
