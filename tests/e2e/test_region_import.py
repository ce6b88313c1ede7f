"""The system administrator brings the cells from a survey file, sees what is wrong, and switches the mended ones on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from chengyun.regions.models import Level
from chengyun.regions.tests import survey

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def cells_of(page: Any) -> list[survey.Row]:
    """The running cells, as the installation itself gives them."""
    found = json.loads(page.request.get("/regions/cells.geojson").text())["features"]
    return [(Level.CELL, each["properties"]["code"], "", shape(each["geometry"])) for each in found]


def twisted(cell: Any) -> Any:
    west, south, east, north = cell.bounds
    return shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])


def upload(page: Any, file: Path, name: str) -> None:
    page.goto("/regions/upload")
    page.set_input_files("[name=file]", file)
    page.fill("[name=name]", name)
    page.locator("[name=gaps]").uncheck()
    page.click("text=上传并预览")
    page.wait_for_selector("region-preview.is-drawn", timeout=30_000)


def test_a_faulty_cell_is_seen_before_the_mended_file_is_switched_on(page_of: Any, tmp_path: Path) -> None:
    page = page_of("system_admin")
    rows = cells_of(page)
    level, code, parent, first = rows[0]
    wrong, right = tmp_path / "wrong.zip", tmp_path / "right.zip"
    wrong.write_bytes(survey.zipped([(level, code, parent, twisted(first)), *rows[1:]], epsg=4527))
    right.write_bytes(survey.zipped(rows, epsg=4527))
    upload(page, wrong, "有错的一版")
    fault = page.locator(".fault-list button", has_text=code)
    assert "自相交" in fault.inner_text()
    fault.focus()
    page.keyboard.press("Enter")
    assert fault.get_attribute("aria-current") == "true"
    assert page.locator("main button", has_text="启用").count() == 0
    upload(page, right, "改正的一版")
    assert page.is_visible("text=没有发现错误")
    page.locator("main button", has_text="启用").click()
    page.wait_for_selector("text=“改正的一版”已启用")
    assert "改正的一版" in page.locator("tr", has_text="现行").inner_text()
