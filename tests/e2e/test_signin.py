"""Signing in with a telephone in one's hand, and a desk that would fall silent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.questions import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GO = "main form .button-primary"
SOON = 15_000
WARNED = "idle-guard:not([hidden])"


def code_of(secret: str, moment: float) -> str:
    """What an authenticator shows for the secret as the page spells it (RFC 4226 §5.3, RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@pytest.fixture
def page(browser, running) -> Iterator[Any]:
    context = browser.new_context(base_url=running.installation.address, viewport={"width": 1366, "height": 768})
    yield context.new_page()
    context.close()


def log_in(page: Any, username: str) -> None:
    page.goto("/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click(GO)


def log_out(page: Any) -> None:
    page.context.clear_cookies()


def give(page: Any, code: str) -> None:
    page.fill("[name=code]", code)
    page.click(GO)


def bind(page: Any) -> tuple[str, list[str]]:
    """The secret, typed off the page, and the recovery codes."""
    page.goto("/second-factor")
    secret = page.locator(".factor-secret").inner_text()
    give(page, code_of(secret, time.time()))
    page.wait_for_selector(".recovery-codes")
    return secret, page.locator(".recovery-codes li").all_inner_texts()


def test_a_telephone_is_bound_and_asked_for_from_then_on(running, page):
    username = running.county["by_role"]["evaluator"]
    log_in(page, username)
    page.goto("/second-factor")
    give(page, "000000")
    assert "验证码不对" in page.locator("main").inner_text()
    secret, codes = bind(page)
    assert len(set(codes)) == 10

    log_out(page)
    log_in(page, username)
    page.wait_for_url("**/login/code")
    give(page, code_of(secret, time.time() - 600))
    assert "验证码不对或已用过" in page.locator("main").inner_text()
    # The next code: the one of this half minute was used up by binding.
    give(page, code_of(secret, time.time() + 30))
    page.wait_for_url(re.compile(r"/(cases|campaigns|map)"))

    log_out(page)
    log_in(page, username)
    give(page, codes[0])
    page.goto("/second-factor")
    assert "还有 9 个备用码" in page.locator("main").inner_text()

    log_out(page)
    log_in(page, username)
    give(page, codes[0])
    assert "验证码不对或已用过" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [1366, 390])
def test_its_pages_fit_and_leave_room_between_their_parts(running, browser, width):
    context = browser.new_context(base_url=running.installation.address, viewport={"width": width, "height": 768})
    page = context.new_page()
    log_in(page, running.county["by_role"]["leader"])
    page.goto("/second-factor")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = page.evaluate(
        "[...document.querySelectorAll('main > .stack > *')].map((each) => each.getBoundingClientRect())"
        ".map(({ top, bottom }) => [top, bottom])"
    )
    assert all(after[0] - before[1] >= 8 for before, after in zip(tops, tops[1:], strict=False))
    context.close()


def test_an_untouched_desk_warns_before_it_falls_silent_and_a_key_keeps_it(running, page_of):
    who = running.county["by_role"]["dispatcher"]
    page = page_of("dispatcher")
    page.goto("/cases/all")
    page.click("h1")
    page.wait_for_selector("urgent-line[data-sound=ready]", state="attached")
    running.installation.ask("sit_still", username=who, seconds=29 * 60)
    page.wait_for_selector(WARNED, timeout=SOON)
    assert 20 < int(page.locator("[data-left]").inner_text()) <= 60
    assert int(page.locator("urgent-line").get_attribute("data-warned")) >= 1
    page.keyboard.press("Shift")
    page.wait_for_selector("idle-guard[hidden]", state="attached", timeout=SOON)


def test_a_desk_that_was_signed_out_says_so_aloud_and_the_login_page_says_why(running, page_of):
    who = running.county["by_role"]["duty_chief"]
    page = page_of("duty_chief")
    page.goto("/cases/all")
    page.click("h1")
    page.wait_for_selector("urgent-line[data-sound=ready]", state="attached")
    running.installation.ask("sit_still", username=who, seconds=31 * 60)
    page.wait_for_selector("urgent-line[data-warned]", state="attached", timeout=SOON)
    assert "这里不再响紧急提醒" in page.locator("[data-deaf]").inner_text()
    page.goto("/cases/all")
    assert page.url.split("?")[0].endswith("/login")
    assert "长时间没有操作，已自动退出" in page.locator("main").inner_text()
