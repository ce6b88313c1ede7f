"""Stories told in a real browser, by the people of the county, each on a page of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.work import PICTURE, brought

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHOTO = {"name": "现场.png", "mimeType": "image/png", "buffer": PICTURE}


class Story:
    """One case, and everybody who has it before them."""

    def __init__(self, running: Any, page_of: Callable[[str], Any]) -> None:
        self.running, self.page_of, self.pages, self.number = running, page_of, {}, ""

    def page(self, who: str) -> Any:
        if who not in self.pages:
            self.pages[who] = self.page_of(who)
        return self.pages[who]

    def report(self, who: str, title: str) -> None:
        page, (lon, lat) = self.page(who), self.running.county["point"]
        page.goto("/report/new")
        page.fill("[name=title]", title)
        page.fill("[name=words]", f"{title}，三天了")
        page.fill("[name=address]", "迎宾路1号")
        page.fill("[name=location]", f"{lon},{lat}")
        page.click(".new-case .button-primary")
        page.wait_for_url("**/cases/**")
        self.number = page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]

    def step(self, who: str, verb: str, **given: Any) -> None:
        page = self.page(who)
        page.goto(f"/cases/{self.number}/?step={verb}")
        for name, value in (brought(verb, self.running.county) | given).items():
            self.fill(page.locator(f".step-form [name={name}]"), value)
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.click(".step-form .button-primary")
        assert answer.value.status in (200, 204, 302), f"{verb} by {who}: {answer.value.status}"

    def fill(self, field: Any, value: Any) -> None:
        kind = field.first.evaluate("each => each.type")
        if kind == "file":
            field.set_input_files(value)
        elif kind == "checkbox":
            field.check()
        elif kind == "radio":
            field.and_(self.with_value(field, value)).check()
        elif kind.startswith("select"):
            # A long list is an island of its own around the select, which is then out of sight.
            field.select_option(str(value), force=True)
        else:
            field.fill(str(value))

    def with_value(self, field: Any, value: Any) -> Any:
        return field.page.locator(f"[value='{value}']")

    @property
    def steps(self) -> list[str]:
        return self.running.installation.ask("steps_of", numbers=[self.number])[self.number]


@pytest.fixture
def story(running, page_of):
    return Story(running, page_of)


def test_a_case_from_report_to_closure_through_all_roles(story):
    story.report("receiver", "迎宾路路灯不亮")
    story.step("receiver", "accept")
    story.step("duty_chief", "file")
    story.step("dispatcher", "dispatch")
    story.step("handler", "receive")
    story.step("handler", "feed_back", photos=PHOTO)
    story.step("receiver", "send_check")
    story.step("collector", "check_pass", photos=PHOTO)
    story.step("duty_chief", "close")
    assert story.steps[-1] == "close"
    page = story.page("duty_chief")
    page.goto(f"/cases/{story.number}/")
    assert page.is_visible("text=已结案")


def test_returned_dispatched_anew_extended_and_reworked(story):
    story.report("receiver", "人民路井盖缺失")
    story.step("receiver", "accept")
    story.step("duty_chief", "file")
    story.step("dispatcher", "dispatch")
    story.step("handler", "apply_return", reason="不属于本部门职责")
    story.step("dispatcher", "grant_return")
    story.step("dispatcher", "dispatch", department=story.running.county["departments"]["HW"])
    handler, second = story.running.county["handlers"]["HW"]
    story.step(handler, "receive")
    story.step(handler, "apply_extension", reason="等待材料")
    story.step(second, "endorse")
    story.step("dispatcher", "grant_extension")
    story.step(handler, "feed_back", photos=PHOTO)
    story.step("receiver", "rework", reason="照片看不出已处理")
    story.step(handler, "feed_back", photos=PHOTO)
    assert story.steps[-3:] == ["feed_back", "rework", "feed_back"]


def test_the_second_of_two_who_click_is_told(story):
    story.report("receiver", "学府路占道经营")
    slow, quick = story.page_of("receiver"), story.page_of("receiver")
    minor = story.running.county["classes"][0]["minor"]
    for page in (slow, quick):
        page.goto(f"/cases/{story.number}/?step=accept")
        story.fill(page.locator(".step-form [name=minor_class]"), minor)
    quick.click(".step-form .button-primary")
    quick.wait_for_selector("text=待立案")
    slow.click(".step-form .button-primary")
    slow.wait_for_selector("text=刚被他人办理")
    assert story.steps == ["report", "accept"]
