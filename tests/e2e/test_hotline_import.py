"""A receiver imports the hotline's orders in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORDERS = """工单编号,受理时间,标题,诉求内容,来电人,联系电话
GD1,2026-03-02 09:00,路灯不亮,凤凰街路灯三天不亮,王某,13800000000
GD2,2026-03-02 09:30,,,李某,13900000000
GD3,2026-03-02 10:00,垃圾成堆,幸福小区门口垃圾成堆,赵某,13700000000
"""


def test_a_file_is_looked_at_confirmed_and_imported(page_of: Any, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="gb18030")
    page = page_of("receiver")
    page.goto("/hotline/import")
    page.set_input_files("[name=file]", file)
    page.click("text=上传并核对")
    assert page.is_visible("text=凤凰街路灯三天不亮")
    assert page.is_visible("text=内容为空")
    page.click("text=开始导入")
    page.wait_for_selector("text=导入 2 条，已有 0 条，补充 0 条，错误 1 条", timeout=60_000)
    page.click("text=看热线工单")
    assert page.is_visible("text=垃圾成堆")
    assert not page.is_visible("text=13700000000")
