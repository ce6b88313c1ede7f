"""What arrives late moves nothing from under the pointer: the buttons of a form stand where they stood."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.work import new_report

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.slow]
SIZES = ((1366, 768), (1920, 1080), (390, 844))


class Held:
    """Answers that wait until they are let go, as on a slow line."""

    def __init__(self, page: Any, *addresses: str) -> None:
        self.waiting: list[Any] = []
        self.page = page
        for address in addresses:
            page.route(address, lambda route: self.waiting.append(route))

    def let_go(self) -> None:
        assert self.waiting, "nothing was asked for"
        for route in self.waiting:
            route.continue_()
        self.page.unroute_all(behavior="wait")
        self.waiting.clear()


def stands(page: Any, where: str) -> dict[str, float]:
    page.wait_for_function("document.fonts.status === 'loaded'")
    return page.locator(where).bounding_box()


@pytest.fixture(scope="module")
def cover(running):
    return running.installation.ask("covers", point=running.county["point"])


@pytest.mark.parametrize("size", SIZES)
def test_components_and_places_that_come_late_do_not_move_the_report_forms_button(page_of, running, cover, size):
    page, button = page_of("receiver"), ".new-case .button-primary"
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/report/new")
    held = Held(page, "**/assets/near**", "**/regions/places**")
    page.fill("[name=title]", "井盖松动")
    page.fill("[name=words]", "过车有响声")
    lon, lat = running.county["point"]
    page.fill("[name=location]", f"{lon},{lat}")
    with page.expect_request("**/regions/places**"):
        page.locator("[name=address]").press_sequentially("迎")
    before = stands(page, button)
    held.let_go()
    page.wait_for_selector(f"near-pick input[value='{cover['identifier']}']", state="attached")
    page.wait_for_selector(".find-list:not([hidden])")
    assert stands(page, button) == before
    assert before["y"] > 0 and before["y"] + before["height"] <= size[1]


@pytest.mark.parametrize("size", SIZES)
def test_a_draft_that_comes_late_does_not_move_the_report_forms_button(page_of, running, size):
    page = page_of("receiver")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/report/new")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.fill("[name=title]", "学府路路灯闪烁")
    late_draft_moves_nothing(page, "/report/new", ".new-case .button-primary")


@pytest.mark.parametrize("size", SIZES)
def test_a_draft_that_comes_late_does_not_move_the_button_of_a_step(page_of, running, size):
    number = new_report(running.person("receiver"), running.county, "迎宾路树枝折断")
    page, address = page_of("receiver"), f"/cases/{number}/?step=refuse"
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address)
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.fill(".step-form [name=reason]", "重复上报")
    late_draft_moves_nothing(page, address, ".step-form .button-primary")


def late_draft_moves_nothing(page: Any, address: str, button: str) -> None:
    held = Held(page, "**/worktop/drafts/**")
    page.goto(address)
    page.wait_for_function("!!customElements.get('phrase-list') && !!customElements.get('draft-keeper')")
    before = stands(page, button)
    held.let_go()
    page.wait_for_selector(".draft-line:not([hidden])")
    assert stands(page, button) == before


def test_the_button_of_a_step_stands_before_the_scripts_wake(browser, page_of, running):
    """The helps that scripts put into a form find their room there."""
    number = new_report(running.person("receiver"), running.county, "迎宾路落叶堆积")
    page, address, button = page_of("receiver"), f"/cases/{number}/?step=refuse", ".step-form .button-primary"
    page.set_viewport_size({"width": 1366, "height": 768})
    held = Held(page, "**/elements/phrase-list**", "**/elements/find-select**", "**/elements/photo-input**")
    page.goto(address, wait_until="commit")
    page.wait_for_selector(button)
    before = stands(page, button)
    held.let_go()
    page.wait_for_selector(".phrase-open")
    assert stands(page, button) == before
