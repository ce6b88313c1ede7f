"""Somebody reports a broken cover and picks it on the map; the component's page knows the case."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.slow]

BOTH_DRAWN = """() => {
  const { map } = document.querySelector("city-map");
  return map.getZoom() > 16 && map.loaded() && map.queryRenderedFeatures({ layers: ["points"] }).length > 1;
}"""
IN_PIXELS = "place => { const at = document.querySelector('city-map').map.project(place); return [at.x, at.y]; }"


@pytest.fixture(scope="module")
def cover(running):
    """A rain water cover beside the county's point, and one of another kind a few steps away."""
    return running.installation.ask("covers", point=running.county["point"])


def place_of(page, lon, lat):
    """Where a place is on the map's canvas, in pixels."""
    canvas = page.locator("city-map .map-canvas").bounding_box()
    x, y = page.evaluate(IN_PIXELS, [lon, lat])
    return canvas["x"] + x, canvas["y"] + y


def test_a_broken_cover_is_picked_on_the_map(page_of, running, cover):
    page = page_of("receiver")
    page.goto("/report/new")
    page.wait_for_selector("city-map.is-drawn")
    page.fill("[name=title]", "迎宾路雨水井盖破损")
    page.fill("[name=words]", "井盖碎了一角，行人易踩空")
    lon, lat = running.county["point"]
    page.fill("[name=location]", f"{lon},{lat}")
    page.locator("[name=location]").blur()
    page.wait_for_selector(f"near-pick input[value='{cover['identifier']}']")
    page.wait_for_function(BOTH_DRAWN)
    page.mouse.click(*place_of(page, cover["lon"], cover["lat"]))
    page.wait_for_function("code => document.querySelector('[name=component]').value === code", arg=cover["identifier"])
    assert page.input_value("[name=location]") == f"{cover['lon']},{cover['lat']}"
    page.click(".new-case .button-primary")
    page.wait_for_url("**/cases/**")
    page.click(f"a[href='/assets/{cover['identifier']}/']")
    page.wait_for_url("**/assets/**")
    assert "迎宾路雨水井盖破损" in page.inner_text("main")


def test_a_component_is_chosen_by_key_on_the_cases_page(page_of, running, cover):
    page = page_of("receiver")
    page.goto("/report/new")
    lon, lat = running.county["point"]
    page.fill("[name=title]", "井盖异响")
    page.fill("[name=words]", "过车有响声")
    page.fill("[name=location]", f"{lon},{lat}")
    page.click(".new-case .button-primary")
    page.wait_for_url("**/cases/**")
    page.click("a[href^='/case-component/']")
    page.locator("near-pick input").first.focus()
    page.keyboard.press("ArrowDown")
    chosen = page.input_value("[name=component]")
    assert chosen in cover["all"]
    page.click(".new-case .button-primary")
    page.wait_for_url("**/cases/**")
    assert chosen in page.inner_text("main")
