"""What a reverse proxy says of a request is believed when the proxy is one of ours, and taken away when it is not."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]
TOLD = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REQUEST_ID")


def forwarded(get_response: View) -> View:
    """REMOTE_ADDR becomes the address that the nearest proxy of ours saw; lock-outs and log lines rest on it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            nearest = request.META.get("REMOTE_ADDR", "")
            if is_ours(nearest):
                chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
                request.META["REMOTE_ADDR"] = origin([each.strip() for each in chain], nearest)
            else:
                for name in TOLD:
                    request.META.pop(name, None)
        elif not settings.BEHIND_PROXY:
            request.META.pop("HTTP_X_REQUEST_ID", None)
        return get_response(request)

    return middleware


def origin(chain: list[str], nearest: str) -> str:
    """From the right the first address that is not a proxy of ours; what stands left of it anybody may have written."""
    for address in reversed([each for each in chain if each]):
        if not is_address(address):
            return nearest
        nearest = address
        if not is_ours(address):
            break
    return nearest


def is_ours(address: str) -> bool:
    return is_address(address) and any(ip_address(address) in network for network in settings.TRUSTED_PROXIES)


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
