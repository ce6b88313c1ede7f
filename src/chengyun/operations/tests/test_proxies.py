from ipaddress import ip_network

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from chengyun.operations import proxies


@pytest.fixture
def through(settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]

    def send(**meta):
        request = RequestFactory().get("/", **meta)
        proxies.forwarded(lambda request: HttpResponse())(request)
        return request.META

    return send


@pytest.mark.parametrize(
    ("chain", "origin"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("", "127.0.0.1"),
        ("<script>", "127.0.0.1"),
        ("10.1.1.1", "10.1.1.1"),
    ],
)
def test_the_address_is_the_one_that_our_nearest_proxy_saw(through, chain, origin):
    assert through(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=chain)["REMOTE_ADDR"] == origin


def test_a_stranger_is_not_believed(through):
    meta = through(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="1.1.1.1", HTTP_X_FORWARDED_PROTO="https")
    assert meta["REMOTE_ADDR"] == "203.0.113.9"
    assert "HTTP_X_FORWARDED_PROTO" not in meta
