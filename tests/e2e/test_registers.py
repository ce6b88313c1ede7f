"""The back office in a browser: a row and its history, the Excel round trip, a refused retirement, a setting."""

import openpyxl
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_changed_department_tells_its_history(page_of):
    page = page_of("system_admin")
    page.goto("/registers/departments/")
    page.get_by_role("link", name="市政设施养护中心").click()
    page.get_by_label("简称").fill("市政养护")
    page.get_by_role("button", name="保存").click()
    assert "已保存" in page.inner_text(".messages")
    assert "简称：市政中心 → 市政养护" in page.inner_text("#history")


def test_the_duty_list_goes_out_and_comes_back_with_its_changes_shown(page_of, tmp_path):
    page = page_of("system_admin")
    page.goto("/registers/duties/")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    file = tmp_path / "权责清单.xlsx"
    download.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book["权责清单"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["法律依据"], "本县权责事项目录第 7 项")
    book.save(file)
    page.get_by_role("link", name="导入 Excel").click()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并看差异").click()
    assert "本县权责事项目录第 7 项" in page.inner_text("#changed")
    page.get_by_role("button", name="全部写入").click()
    assert "已导入" in page.inner_text(".messages")


def test_what_is_still_in_use_cannot_be_retired(page_of):
    page = page_of("system_admin")
    page.goto("/registers/departments/")
    page.get_by_role("link", name="环境卫生服务中心").click()
    page.get_by_role("link", name="停用…").click()
    told = page.inner_text("main")
    assert "权责清单（主办）" in told and "须先处理" in told
    assert page.get_by_role("button", name="停用").count() == 0


def test_a_setting_changes_for_a_township_alone(page_of):
    page = page_of("system_admin")
    page.goto("/people/settings/")
    page.get_by_role("link", name="受理时限").click()
    page.get_by_label("范围").select_option(label="澄湖街道")
    page.get_by_label("受理时限").fill("30")
    page.get_by_role("button", name="保存").click()
    assert "澄湖街道：（空） → 30" in page.inner_text("#history")


def test_a_setting_of_rows_is_edited_by_keyboard(page_of):
    page = page_of("system_admin")
    page.goto("/people/settings/urgent.ladder")
    with page.expect_navigation():
        page.get_by_role("button", name="上移").nth(3).press("Enter")
    assert page.evaluate("document.activeElement.value") == "value:up:2"  # goes along with the row
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".shape-ranking .grow").all_inner_texts() == ["值班员", "带班领导", "代岗", "值班长"]
    page.get_by_role("button", name="保存").click()
    assert "值班员 → 带班领导 → 代岗 → 值班长" in page.inner_text("#history")


def test_rows_are_picked_with_shift_and_changed_together(page_of):
    page = page_of("security_admin")
    page.goto("/registers/posts/")
    boxes = page.locator("tbody input[type=checkbox]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert page.inner_text("[data-count]") == "3"
    page.get_by_role("button", name="批量修改").click()
    assert "批量修改 3 行" in page.inner_text("h1")
