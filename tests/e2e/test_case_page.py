"""The case page in a browser: phrases, notes, following, pictures side by side, address search, papers."""

import io

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.e2e.work import LIFE, new_report, take, version_seen

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.slow]


def led_to(running, title, last):
    number = new_report(running.person("receiver"), running.county, title)
    for role, verb in LIFE:
        person = running.person(role)
        assert take(person, running.county, number, verb, version_seen(person, number, verb)) == 302, verb
        if verb == last:
            return number
    raise AssertionError(f"{last} is no step of a life")


def test_a_phrase_goes_into_the_form_by_keyboard_and_the_step_is_taken(running, page_of):
    number = new_report(running.person("receiver"), running.county, "惯用语")
    page = page_of("receiver")
    page.goto(f"/cases/{number}/?step=refuse")
    page.get_by_label("理由").focus()
    page.keyboard.press("Alt+p")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type("不在本县")
    page.keyboard.press("Enter")
    expect(page.get_by_label("理由")).to_have_value("所述地点不在本县，已告知反映人。")
    page.get_by_role("button", name="不予受理", exact=True).click()
    expect(page.locator(".case-head")).to_contain_text("不予受理")


def test_a_note_reaches_the_colleague_it_calls(running, page_of):
    number = led_to(running, "备注", "accept")
    chief = running.county["by_role"]["duty_chief"]
    name = running.county["users"][chief][0]
    page = page_of("receiver")
    page.goto(f"/cases/{number}/")
    page.locator(".notes textarea").press_sequentially(f"请@{name[:2]}")
    expect(page.get_by_role("option", name=name).first).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="写备注").click()
    expect(page.locator(".note-list")).to_contain_text(f"请@{name}")
    other = page_of("duty_chief")
    for _each in range(20):
        other.goto("/cases/notices")
        if other.get_by_text("备注中提到您：").count():
            break
        other.wait_for_timeout(500)
    expect(other.get_by_text("备注中提到您：").first).to_be_visible()


def test_following_a_case_puts_it_on_my_list(running, page_of):
    number = led_to(running, "关注", "accept")
    page = page_of("duty_chief")
    page.goto(f"/cases/{number}/")
    page.get_by_role("button", name="关注").click()
    expect(page.get_by_role("button", name="已关注")).to_be_visible()
    page.goto("/notes/watched")
    expect(page.locator(f"a[href='/cases/{number}/']").first).to_be_visible()


def test_pictures_are_magnified_together(running, page_of):
    number = led_to(running, "照片", "check_pass")
    page = page_of("duty_chief")
    page.goto(f"/cases/{number}/")
    page.locator("picture-compare a[data-moment]:not([hidden])").first.click()
    panes = page.locator(".compare-panes")
    page.keyboard.press("+")
    expect(panes).to_have_attribute("data-scale", "1.40")
    styles = panes.locator("img").evaluate_all("all => all.map(each => each.style.transform)")
    assert len(set(styles)) == 1
    page.keyboard.press("0")
    expect(panes).to_have_attribute("data-scale", "1.00")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.compare")).to_have_count(0)


def test_a_case_is_printed_and_its_order_taken(running, page_of):
    number = led_to(running, "交办单", "dispatch")
    page = page_of("dispatcher")
    page.goto(f"/papers/case/{number}/print")
    expect(page.get_by_role("heading", name="城市管理案件单")).to_be_visible()
    content = page.context.request.get(f"/papers/case/{number}/order.docx").body()
    cells = {cell.text for row in Document(io.BytesIO(content)).tables[0].rows for cell in row.cells}
    assert number in cells


def test_an_address_that_is_found_sets_the_point(running, page_of):
    lon, lat = running.county["point"]
    running.installation.ask("name_place", name="听荷小区", lon=lon, lat=lat)
    page = page_of("receiver")
    page.goto("/report/new")
    page.locator("#id_address").press_sequentially("听荷")
    expect(page.get_by_role("option", name="听荷小区")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#id_address")).to_have_value("听荷小区")
    expect(page.locator("#id_location")).to_have_value(f"{lon:.6f},{lat:.6f}")
