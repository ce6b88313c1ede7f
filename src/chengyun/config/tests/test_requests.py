import logging

import pytest
from django.conf import settings

from chengyun.config import logs

pytestmark = pytest.mark.django_db
HOSTILE = [
    "/cases/张三/",
    "/cases/13812345678/",
    '/x\n{"event": "forged"}',
    "/139 1234 5678",
    "/11010519491231002X",
    "/%E6%9D%8E%E5%9B%9B",
    "/" + "a" * 5000,
]


def test_health_answers(client):
    assert client.get("/health").json() == {"status": "ok"}


def test_every_answer_carries_its_request_id(client):
    assert len(client.get("/health")["X-Request-ID"]) == 32


def test_pages_are_chinese_whatever_the_browser_prefers(client):
    assert client.get("/health", headers={"accept-language": "en"})["Content-Language"] == "zh-hans"


def test_the_language_cookie_switches(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/health")["Content-Language"] == "en"


def test_an_unknown_language_stays_chinese(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert client.get("/health")["Content-Language"] == "zh-hans"


def test_the_policy_allows_no_inline_script(client):
    policy = client.get("/health")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_log_line_leaves_the_query_out(client, caplog):
    with caplog.at_level(logging.INFO, logger="chengyun.request"):
        client.get("/login?phone=13800000000")
    assert "/login" in caplog.text
    assert "13800000000" not in caplog.text


def test_personal_numbers_are_masked():
    event = {"event": "call 13812345678 of 11010519491231002X", "phone": "1", "case": "20261123000001"}
    masked = logs.mask_personal(None, "info", event)
    assert masked == {"event": "call *** of ***", "phone": "***", "case": "20261123000001"}


@pytest.mark.parametrize("path", HOSTILE)
def test_no_path_brings_a_person_into_the_log(client, caplog, path):
    with caplog.at_level(logging.INFO, logger="chengyun.request"):
        client.get(path)
    line = caplog.messages[-1]
    masked = logs.mask_personal(None, "info", {"path": line})["path"]
    assert not any(word in masked for word in ("张三", "李四", "13812345678", "11010519491231002X", "139 1234 5678"))
    assert "\n" not in masked
    assert len(masked) < 600


def test_a_refused_rows_values_are_not_quoted():
    text = "IntegrityError: duplicate key\nDETAIL:  Key (name)=(王小明) already exists.\nmore"
    assert "王小明" not in logs.mask_personal(None, "error", {"exception": text})["exception"]


def test_a_phone_as_people_write_it_is_masked():
    assert logs.mask_personal(None, "info", {"event": "打 138 1234 5678"})["event"] == "打 ***"


def test_djangos_own_lines_quote_no_name():
    event = {"logger": "django.request", "event": "Internal Server Error: /cases/张三/"}
    assert logs.mask_personal(None, "error", event)["event"] == "Internal Server Error: /cases/·/"
