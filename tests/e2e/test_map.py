"""The map workbench in a browser: an area holds what its list shows, a measure is in metres, layers are remembered."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest

from chengyun.core.geometry import metres_between

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Where a place lies on the screen, and the other way round.
ON_SCREEN = "(lonlat) => { const { x, y } = document.querySelector('map-desk').map.project(lonlat); return [x, y] }"
IN_DEGREES = "(xy) => document.querySelector('map-desk').map.unproject(xy).toArray()"


def opened(page: Any, county: dict[str, Any], zoom: float = 15.5) -> Any:
    lon, lat = county["point"]
    page.goto(f"/map/?at={lon},{lat},{zoom}")
    page.wait_for_selector("map-desk.is-drawn")
    return page


def reported(running: Any, places: list[list[float]]) -> None:
    person = running.person("receiver")
    for lon, lat in places:
        words = {"title": "井盖缺失", "words": "路口井盖缺失", "location": f"{lon},{lat}", "address": "迎宾路1号"}
        answer = person.post("/report/new", key=secrets.token_hex(16), source="public", **words)
        assert answer.status_code in (302, 303)


def press_at(page: Any, x: float, y: float, pause: int = 350) -> None:
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
    # Two clicks in quick succession would be a double click, which ends the shape.
    page.wait_for_timeout(pause)


def test_the_list_of_an_area_holds_the_cases_inside_it(page_of, running):
    lon, lat = running.county["point"]
    reported(running, [[lon, lat], [lon + 0.0004, lat], [lon + 0.004, lat]])
    page = opened(page_of("receiver"), running.county)
    page.click("[data-draw=polygon]")
    x, y = page.evaluate(ON_SCREEN, [lon + 0.0002, lat])
    for across, down in ((-90, -90), (90, -90), (90, 90), (-90, 90)):
        press_at(page, x + across, y + down)
    page.keyboard.press("f")
    page.wait_for_selector("#area .map-total")
    assert page.locator("#area .map-total").inner_text() == "2"
    page.click("[data-area-list]")
    page.wait_for_selector("[data-key-item]")
    assert page.locator("[data-key-item]").count() == 2


def test_a_measure_is_in_metres_and_is_taken_back_by_a_key(page_of, running):
    page = opened(page_of("receiver"), running.county)
    page.click("[data-draw=line]")
    for x in (320, 520, 700):
        press_at(page, x, 300)
    page.keyboard.press("Backspace")
    page.keyboard.press("f")
    page.wait_for_selector("[data-figures]:has-text('米')")
    told = page.locator("[data-figures]").inner_text()
    ends = [page.evaluate(IN_DEGREES, [x, 300]) for x in (320, 520)]
    wanted = metres_between(*ends[0], *ends[1])
    number = float(re.sub(r"[^\d.]", "", told))
    # The browser measures on the ellipsoid, the server on the sphere: half a per cent at most.
    assert (number if "公里" not in told else number * 1000) == pytest.approx(wanted, rel=0.005)
    assert "米" in told


def test_the_keyboard_alone_draws_too(page_of, running):
    page = opened(page_of("receiver"), running.county)
    page.locator("[data-draw=line]").press("Enter")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    page.keyboard.press("f")
    assert "米" in page.locator("[data-figures]").inner_text()


def test_layers_and_drawings_are_there_the_next_time(page_of, running):
    page = opened(page_of("dispatcher"), running.county)
    page.click("[data-tab=layers]")
    with page.expect_response("**/map/preferences") as kept:
        page.check("[data-layer=communities] [type=checkbox]")
    assert kept.value.status == 204
    page.click("[data-draw=point]")
    press_at(page, 400, 300)
    page.click("[data-sketch-do=keep]")
    page.fill("#drawing-name", "积水点")
    page.click("[data-drawing-form] .button-primary")
    page.wait_for_selector("[data-drawing]")
    page.reload()
    page.wait_for_selector("map-desk.is-drawn")
    page.click("[data-tab=layers]")
    assert page.locator("[data-layer=communities] [type=checkbox]").is_checked()
    page.click("[data-tab=drawings]")
    assert "积水点" in page.locator("#drawings").inner_text()
