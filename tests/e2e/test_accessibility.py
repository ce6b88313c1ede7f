"""axe over every main page in a real browser, light, dark and at the width of a phone (docs/accessibility.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.e2e.work import new_report

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.slow]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
GRAVE = ("serious", "critical")
# Theme and size; the phone's layout has colours of its own only in the light theme's sun.
LOOKS = (("light", 1366, 768), ("dark", 1366, 768), ("light", 390, 844))
DRAWN = "document.querySelector('.htmx-request') === null"

PAGES = {
    "dispatcher": ("/cases/", "/cases/all", "/map/", "/report/new", "/cases/notices", "/urgent/", "/worktop/views")
    + ("/notes/watched", "/exports/", "/password", "/assets/", "/nowhere", "/people/settings/")
    + ("/help/operator", "/help/about", "/cases/all?sort=urgent"),
    "duty_chief": ("/handover/", "/phrases/", "/people/roster/", "/campaigns/", "/campaigns/new"),
    "receiver": ("/hotline/", "/hotline/import"),
    "leader": ("/screen/pocket/", "/targets/"),
    "evaluator": ("/evaluation/", "/statistics/?span=year&rows=department", "/figures/", "/reports/"),
    "system_admin": ("/registers/", "/registers/users/", "/registers/users/new", "/people/settings/", "/regions/")
    + ("/regions/upload", "/registers/order-templates/"),
}


def faults(page: Any, where: str) -> list[str]:
    """What axe calls serious or critical on the page as it stands, in each look."""
    found = []
    page.evaluate(AXE)
    for theme, width, height in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        violations = page.evaluate("(rules) => axe.run(document, rules).then((told) => told.violations)", RULES)
        for each in violations:
            if each["impact"] in GRAVE:
                places = [(node["target"], node["failureSummary"][:200]) for node in each["nodes"]]
                found.append(f"{where} {theme} {width}: {each['id']}: {json.dumps(places, ensure_ascii=False)[:600]}")
    page.set_viewport_size({"width": LOOKS[0][1], "height": LOOKS[0][2]})
    return found


@pytest.mark.parametrize("role", PAGES)
def test_no_page_has_a_grave_fault(role, page_of):
    page, found = page_of(role), []
    for path in PAGES[role]:
        page.goto(path)
        page.wait_for_function(DRAWN)
        found += faults(page, f"{role} {path}")
    assert found == []


def test_a_case_with_its_form_its_preview_and_its_sheet_has_no_grave_fault(running, page_of):
    number = new_report(running.person("receiver"), running.county, "迎宾路井盖松动")
    page = page_of("receiver")
    page.goto(f"/cases/{number}/?step=accept")
    page.wait_for_selector("find-select.is-ready")
    found = faults(page, "case")
    page.goto(f"/papers/case/{number}/print")
    found += faults(page, "print")
    page.goto("/cases/")
    page.locator("[data-case]").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("B")
    page.wait_for_url("**/worktop/bulk*")
    found += faults(page, "bulk")
    assert found == []


def test_the_wall_has_no_grave_fault_in_any_scene(running, page_of):
    new_report(running.person("receiver"), running.county, "迎宾路井盖松动")
    page, found = page_of("leader"), []
    page.goto("/screen/")
    page.wait_for_selector("screen-wall.is-filled")
    page.keyboard.press(" ")
    for _scene in range(4):
        found += faults(page, page.evaluate("location.hash"))
        page.keyboard.press("ArrowRight")
    assert found == []


def test_the_page_before_login_has_no_grave_fault(browser, running):
    context = browser.new_context(base_url=running.installation.address)
    page = context.new_page()
    page.goto("/login")
    found = faults(page, "login")
    context.close()
    assert found == []


def test_focus_goes_from_the_skip_link_into_the_page(page_of):
    page = page_of("receiver")
    page.goto("/cases/all")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_a_problem_is_registered_without_a_mouse(page_of):
    """Every field and button is reached by Tab in the order in which they stand, and none is passed over."""
    page = page_of("receiver")
    page.goto("/report/new")
    page.locator("[name=title]").focus()
    reached = []
    for _each in range(25):
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
        page.keyboard.press("Tab")
    order = [name for name in ("title", "words", "is_urgent", "photos", "caller_name", "address") if name in reached]
    assert order == sorted(order, key=reached.index)
    assert {"title", "words", "is_urgent", "address"} <= set(reached)
