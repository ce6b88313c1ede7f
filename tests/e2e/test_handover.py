"""One shift hands over to the next: written from the facts, signed by one, taken over by the other."""

from __future__ import annotations

import pytest

from tests.e2e.work import new_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_shift_hands_over_to_the_next(running, page_of):
    logins = running.county["by_role"]
    sheet, _next = running.installation.ask("plan_shifts", first=logins["receiver"], then=logins["dispatcher"])
    new_report(running.person("receiver"), running.county, "迎宾路井盖松动")
    outgoing, incoming = page_of("receiver"), page_of("dispatcher")
    outgoing.goto("/handover/")
    outgoing.fill("[name=words]", "迎宾路井盖待自来水公司回话")
    outgoing.get_by_role("button", name="记下").click()
    outgoing.click(".page-head .button-primary")
    assert outgoing.locator("[data-figure=reported]").inner_text() == "1"
    outgoing.click("[data-figure=reported]")
    assert outgoing.locator("[data-key-item]").count() == 1
    outgoing.go_back()
    outgoing.fill("[name=remarks]", "一切正常")
    outgoing.click("form.no-print .button-primary")
    outgoing.wait_for_selector("text=已交班签字")
    incoming.goto(sheet)
    assert incoming.is_visible("text=一切正常")
    incoming.click("text=接班签字")
    incoming.wait_for_selector("text=已交接")
    incoming.goto("/handover/")
    incoming.get_by_role("button", name="办结").click()
    incoming.wait_for_selector("text=没有未办结的交办事项")
    assert incoming.locator(".duty-names").is_visible()
