"""The command screen in a browser: a new case comes by itself, numbers open, a cut line is said and mends."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.e2e.test_urgent import report_urgent
from tests.e2e.work import new_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# What a slow machine may take for what the wall does within two seconds.
SOON = 15_000
REPORTED_TODAY = "[data-tile=totals] .row:nth-child(2) .number b"
STOOD = "performance.now() > 5000"
SCROLLS = "document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def wall(page_of):
    page = page_of("leader")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto("/screen/")
    page.wait_for_selector("screen-wall.is-filled")
    return page


def reported(page: Any) -> int:
    return int(page.locator(REPORTED_TODAY).first.inner_text())


def wait_for_reported(page: Any, count: int) -> None:
    page.locator(REPORTED_TODAY).first.filter(has_text=re.compile(f"^{count}$")).wait_for(timeout=SOON)


def test_a_new_case_comes_by_itself_and_its_number_opens_it(running, wall):
    before = reported(wall)
    number = new_report(running.person("receiver"), running.county, "迎宾路井盖松动")
    wait_for_reported(wall, before + 1)
    assert wall.locator(f"[data-tile=ticker] a[href='/cases/{number}/']").count() == 1
    assert not wall.evaluate(SCROLLS)
    wall.locator(REPORTED_TODAY).first.click()
    wall.wait_for_url("**/figures/reported**")
    assert number in wall.content()


def test_a_cut_line_is_said_and_mends_by_itself(running, wall):
    wall.context.set_offline(True)
    wall.wait_for_selector("[data-lost]:not([hidden])", timeout=SOON)
    assert "连接中断" in wall.locator("[data-lost]").inner_text()
    before = reported(wall)
    new_report(running.person("receiver"), running.county, "断线时上报的案件")
    wall.context.set_offline(False)
    wall.wait_for_selector("[data-lost]", state="hidden", timeout=SOON)
    wait_for_reported(wall, before + 1)


def test_scenes_change_by_key_and_pause_by_space(wall):
    scene = "document.querySelector('screen-wall').dataset.now"
    assert wall.evaluate(scene) == "overview"
    wall.keyboard.press("ArrowRight")
    assert wall.evaluate(scene) == "departments"
    assert wall.locator("[data-tile=all-departments]").is_visible()
    assert not wall.locator("[data-tile=lamps]").is_visible()
    wall.keyboard.press("ArrowLeft")
    wall.keyboard.press("ArrowLeft")
    assert wall.evaluate(scene) == "late"
    wall.keyboard.press(" ")
    assert wall.locator("[data-do=pause]").get_attribute("aria-pressed") == "true"
    wall.keyboard.press("f")
    assert wall.locator("screen-wall.is-presenting").count() == 1
    assert not wall.locator(".wall-tools").is_visible()


def test_an_ended_session_is_said(wall):
    wall.context.clear_cookies()
    wall.wait_for_selector("[data-sign-in]:not([hidden])", timeout=SOON)
    assert "登录已过期" in wall.locator("[data-lost]").inner_text()


def wait_until(page: Any, holds: str) -> None:
    """`wait_for_function` evaluates in the page, which its policy forbids."""
    for _try in range(SOON // 200):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(200)
    raise AssertionError(holds)


def release_anew(page: Any) -> None:
    """From now on the server answers as another release."""

    def answered(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "x-release": "the next one"})

    page.route("**/screen/data**", answered)


def test_after_a_release_the_wall_loads_itself_anew_between_two_scenes(wall):
    wait_until(wall, STOOD)
    release_anew(wall)
    wait_until(wall, "document.querySelector('screen-wall').isOld")
    with wall.expect_event("load", timeout=SOON):
        wall.keyboard.press("ArrowLeft")
    assert wall.evaluate("location.hash") == "#late"


def test_a_wall_whose_scenes_do_not_turn_loads_itself_anew_too(wall):
    wall.keyboard.press(" ")
    wait_until(wall, STOOD)
    with wall.expect_event("load", timeout=SOON):
        release_anew(wall)


def test_who_wants_no_movement_gets_none(running, page_of):
    page = page_of("leader")
    page.emulate_media(reduced_motion="reduce")
    page.goto("/screen/")
    page.wait_for_selector("screen-wall.is-filled")
    assert page.locator("[data-do=pause]").get_attribute("aria-pressed") == "true"
    before = reported(page)
    new_report(running.person("receiver"), running.county, "路面坑洼")
    wait_for_reported(page, before + 1)
    assert page.evaluate("document.getAnimations().length") == 0


# The last: what is urgent stays so, and holds scenes and reloading.
def test_something_urgent_is_seen_across_the_room(running, wall, page_of):
    wall.keyboard.press("ArrowRight")
    report_urgent(page_of("receiver"), "迎宾路塌陷", running.county["point"])
    wall.wait_for_selector(".wall-alarm:not([hidden]) a", timeout=SOON)
    assert wall.evaluate("document.querySelector('screen-wall').dataset.now") == "overview"
    wall.locator(".wall-alarm a").click()
    wall.wait_for_url("**/cases/**")
