"""A dispatcher's morning at the lists: by keys, with saved views, many at once, taken back, never lost, taken along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.e2e.questions import PASSWORD
from tests.e2e.work import new_report, take, version_seen

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.slow]


def filed(running: Any, words: str) -> str:
    number = new_report(running.person("receiver"), running.county, words)
    for role, verb in (("receiver", "accept"), ("duty_chief", "file")):
        person = running.person(role)
        assert take(person, running.county, number, verb, version_seen(person, number, verb)) == 302
    return number


def test_everything_frequent_has_a_key_and_the_help_names_it(running, page_of):
    numbers = [new_report(running.person("receiver"), running.county, f"按键 {round}") for round in range(2)]
    page = page_of("receiver")
    page.goto("/cases/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("#bulk [data-selected]").inner_text() == "已选 2 件"
    page.keyboard.press("x")
    page.keyboard.press("o")
    page.wait_for_selector("#case .step-tabs [data-key=s]")
    page.keyboard.press("?")
    shown = page.locator("dialog.keys-help dl").inner_text()
    assert all(words in shown for words in ("下一行", "勾选光标所在行", "受理", "批量办理", "登记", "搜索"))
    assert "派遣" not in shown
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_selector("#step [name=minor_class]", state="attached")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/cases/all")
    assert all(page.locator(f"text={number}").count() for number in numbers)


def test_a_saved_view_is_one_click_away(running, page_of):
    page = page_of("duty_chief")
    page.goto("/cases/all?source=public")
    page.locator("summary:has-text('存为视图')").click()
    page.fill("#view-name", "公众来源")
    page.locator(".saved-views button:has-text('保存')").click()
    page.goto("/cases/all")
    page.locator(".saved-views >> text=公众来源").click()
    page.wait_for_url("**/cases/all?source=public")
    assert page.locator(".saved-views [aria-current=true]").inner_text().strip() == "公众来源"


def test_many_are_dispatched_after_a_preview(running, page_of):
    numbers = [filed(running, f"批量派遣 {round}") for round in range(3)]
    page = page_of("dispatcher")
    page.goto("/cases/")
    boxes = page.locator("#rows input[name=case]")
    boxes.nth(0).click()
    boxes.nth(boxes.count() - 1).click(modifiers=["Shift"])
    page.keyboard.press("Shift+B")
    page.wait_for_url("**/worktop/bulk")
    page.select_option("select[name=all-department]", str(running.county["departments"]["ZF"]))
    page.locator("button[name=preview]").click()
    page.wait_for_selector(".bulk-table >> text=待接收")
    page.locator("button:has-text('确认派遣')").click()
    page.wait_for_url("**/worktop/bulk/*")
    assert "没有办成" not in page.locator("main").inner_text()
    taken = running.installation.ask("steps_of", numbers=numbers)
    assert all(steps[-1] == "dispatch" for steps in taken.values())


def test_a_wrong_click_is_taken_back(running, page_of):
    number = new_report(running.person("receiver"), running.county, "误点受理")
    page = page_of("receiver")
    page.goto(f"/cases/{number}/?step=accept")
    page.locator("#step find-select.is-ready input").focus()
    page.keyboard.type("垃圾")
    page.keyboard.press("Enter")
    page.locator("#step button.button-primary").click()
    page.locator("undo-toast button").click()
    page.wait_for_selector("text=已撤销")
    assert running.installation.ask("steps_of", numbers=[number])[number] == ["report", "accept", "undo"]
    assert page.locator("#case .tag >> text=待受理").count()


def test_a_draft_outlives_the_browser(running, browser):
    def at_the_desk() -> Any:
        context = browser.new_context(base_url=running.installation.address)
        page = context.new_page()
        page.goto("/login?next=/report/new")
        page.fill("[name=username]", running.county["by_role"]["receiver"])
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/report/new")
        return page

    page = at_the_desk()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.fill("[name=title]", "迎宾路路灯不亮")
        page.locator("[name=is_urgent]").check()
    page.context.close()
    page = at_the_desk()
    page.wait_for_selector("draft-keeper >> text=的草稿")
    assert page.input_value("[name=title]") == "迎宾路路灯不亮"
    assert page.is_checked("[name=is_urgent]")
    page.locator("[data-drop]").click()
    assert page.input_value("[name=title]") == ""
    page.context.close()


def test_the_exported_file_is_the_list(running, page_of, tmp_path: Path):
    page = page_of("receiver")
    page.goto("/cases/all?source=public")
    shown = page.locator("#rows .case-number a").all_inner_texts()
    with page.expect_download() as download:
        page.locator("form.export button").click()
    file = tmp_path / "list.xlsx"
    download.value.save_as(file)
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    assert shown and [row[0] for row in rows[1:]] == shown
