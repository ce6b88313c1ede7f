"""Every page in the menu, for every role and in three sizes, in a real browser: whole, quiet, named, never sideways."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.slow]

PHONE, DESK, WIDE = (390, 844), (1366, 768), (1920, 1080)
ROLES = ("receiver", "duty_chief", "dispatcher", "handler", "system_admin")
# Software drawing warns of its own slowness; a browser that was not clicked yet says that it will not sound.
HARMLESS = ("GPU stall", "AudioContext was not allowed to start")
UNNAMED = """
    [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea, button, a[href])")]
      .filter((each) => each.checkVisibility?.() ?? true)
      .filter((each) => !(each.labels?.length || each.ariaLabel || each.textContent.trim() || each.title))
      .map((each) => each.outerHTML.slice(0, 120))
"""
ROOM_IN_THE_BAR = """
    document.querySelector(".bar-tools").getBoundingClientRect().left
      - document.querySelector(".menu").lastElementChild.getBoundingClientRect().right
"""
# A picture later, what listens to the size has done its work.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def watched(page: Any) -> list[str]:
    """What the browser complains of from now on: refused styles and scripts, missing files, errors."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    return complaints


def menu_of(page: Any) -> list[str]:
    page.goto("/")
    return sorted({link.get_attribute("href") for link in page.locator(".menu a[href]").all()} | {"/password"})


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_menu_is_whole_in_every_size(page_of, role):
    page = page_of(role)
    complaints = watched(page)
    for path in menu_of(page):
        # One load for all sizes: a window that changes its size asks for more than one that is opened anew.
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        answer = page.goto(path)
        page.wait_for_load_state("networkidle") if path == "/map/" else page.wait_for_load_state()
        assert answer.status == 200, f"{path} for {role}"
        assert page.locator("h1, [role=heading][aria-level='1']").count() >= 1, f"{path} for {role}: no heading"
        for width, height in (PHONE, DESK, WIDE):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(DRAWN)
            where = f"{path} for {role} at {width}"
            assert page.evaluate(WIDER_THAN_SCREEN) <= 0, f"{where}: scrolls sideways"
            assert page.evaluate(UNNAMED) == [], f"{where}: controls without a name"
    assert [each for each in complaints if not any(words in each for words in HARMLESS)] == []


@pytest.mark.parametrize("role", ["leader", "evaluator"])
def test_the_longest_menus_leave_room_for_the_tools(page_of, role):
    page = page_of(role)
    page.goto("/figures/")
    for width in (1920, 1481, 1366, 1301, 1280, 1241, 1024, 800):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate(ROOM_IN_THE_BAR) > 0, f"{role} at {width}"
        assert page.evaluate(WIDER_THAN_SCREEN) <= 0, f"{role} at {width}"


def test_the_theme_is_kept_on_this_machine(page_of):
    page = page_of("receiver")
    page.goto("/password")
    page.evaluate("localStorage.setItem('theme', 'dark')")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_map_is_drawn_under_the_strict_policy(page_of):
    page = page_of("dispatcher")
    complaints = watched(page)
    page.goto("/map/")
    page.wait_for_selector("map-desk.is-drawn canvas")
    assert [each for each in complaints if not any(words in each for words in HARMLESS)] == []


def test_a_class_is_found_by_typing_a_part_of_its_name(page_of):
    page = page_of("receiver")
    page.goto("/report/new")
    page.fill("[name=title]", "凤凰街 12 号垃圾堆积")
    page.fill("[name=words]", "两天没有清理")
    page.locator("main button.button-primary").click()
    page.wait_for_selector("find-select.is-ready input")
    page.keyboard.press("h")
    page.wait_for_selector("#step [name=collector]")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_selector("#step find-select.is-ready input:focus")
    page.keyboard.type("垃圾")
    page.keyboard.press("Enter")
    assert "垃圾" in page.locator("#step find-select input").input_value()
    assert page.locator("#step select[name=minor_class]").input_value() != ""
