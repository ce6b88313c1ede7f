"""An urgent report at one desk sounds at another until somebody there says that he knows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_story import Story

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RINGING = "urgent-line[data-sound=ringing] [data-ringing]"
QUIET = "urgent-line[data-sound=ready]"
# What the poll may take, with a slow machine's share on top.
SOON = 15_000


@pytest.fixture
def story(running, page_of):
    return Story(running, page_of)


def report_urgent(page: Any, title: str, point: Any) -> None:
    page.goto("/report/new")
    page.fill("[name=title]", title)
    page.fill("[name=words]", "路面塌陷，有人受伤")
    page.fill("[name=address]", "迎宾路1号")
    page.fill("[name=location]", f"{point[0]},{point[1]}")
    page.check("[name=is_urgent]")
    page.click(".new-case .button-primary")
    page.wait_for_url("**/cases/**")


def test_an_urgent_report_sounds_at_another_desk_and_is_acknowledged_there(running, page_of):
    desk, other = page_of("dispatcher"), page_of("duty_chief")
    for page in (desk, other):
        page.goto("/cases/all")
        page.click("h1")
        page.wait_for_selector(QUIET, state="attached")
    report_urgent(page_of("receiver"), "迎宾路塌陷", running.county["point"])
    for page in (desk, other):
        page.wait_for_selector(RINGING, timeout=SOON)
        assert "迎宾路1号" in page.locator(".urgent-alert").inner_text()
    shown(desk, "ringing")
    desk.click(".urgent-button")
    desk.wait_for_selector(QUIET, state="attached")
    other.wait_for_selector(".urgent-alert", state="detached", timeout=SOON)
    desk.goto("/urgent/")
    assert "已知悉" in desk.locator("tbody tr").first.inner_text()
    shown(desk, "list")


def test_a_desk_that_may_not_sound_says_so_until_it_may(running, page_of):
    page = page_of("dispatcher")
    page.goto("/cases/all")
    page.wait_for_selector("urgent-line[data-sound]", state="attached")
    state = page.locator("urgent-line").get_attribute("data-sound")
    assert page.locator("[data-allow]").is_visible() is (state == "blocked")
    shown(page, "blocked")
    if state == "blocked":
        page.click("[data-allow]")
        page.wait_for_selector(QUIET, state="attached")


def shown(page: Any, name: str) -> None:
    folder = os.environ.get("URGENT_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
