"""A made-up census of components along the roads of the demo county, as large as wanted: CSV or Excel. Always the same.

Asked inside an installation: `installation.ask("prepare", module="benchmarks.census")`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

HEADINGS = (
    "标识码", "名称", "主管部门代码", "主管部门", "权属单位代码", "权属单位", "养护单位", "单元网格", "状态",
    "初始日期", "变更日期", "数据来源", "备注", "经度", "纬度", "精度等级", "所在道路",
)  # fmt: skip
STATES = ("完好",) * 40 + ("破损", "破损", "丢失", "废弃")
MANAGERS = (
    ("11370126MB00000001", "住房和城乡建设局"),
    ("11370126MB00000002", "综合行政执法局"),
    ("11370126MB00000003", "公安局交警大队"),
)
MAINTAINERS = ("市政养护中心", "城投物业公司", "供电公司", "联通分公司", "移动分公司", "水务集团", "")


def prepare() -> dict[str, int]:
    """Catalogues, regions, departments of the demo county."""
    from chengyun.demo.building import PARTS, SCALES, Build, run

    list(run(Build(SCALES["small"]), PARTS[:3]))
    return {}


def lines(count: int) -> Iterator[list[str]]:
    """`count` components; every number of a class is used once, in the order along the roads."""
    from chengyun.assets.queries import part_classes
    from chengyun.demo.county import names
    from chengyun.demo.county.roads import beside, build_roads

    random, serials = Random(47678), Counter[str]()
    classes = list(part_classes().values())
    weights = [1 / (1 + place) for place in range(len(classes))]
    roads = [road for road in build_roads() if not road.township_code]
    for number in range(count):
        minor = random.choices(classes, weights)[0]
        serials[minor.code] += 1
        road = roads[number * len(roads) // count]
        lon, lat = beside(road, random.uniform(0, road.length), random.uniform(-30, 30))
        manager, day = random.choice(MANAGERS), f"{random.randint(2005, 2024)}0{random.randint(1, 9)}15"
        yield [
            f"{names.COUNTY_CODE}{minor.code}{serials[minor.code]:06}", minor.name, *manager, *manager,
            random.choice(MAINTAINERS), "", random.choice(STATES), day, "",
            "实测", "", f"{lon + random.uniform(-2e-6, 2e-6):.7f}", f"{lat:.7f}", "B", road.name,
        ]  # fmt: skip


def write_csv(path: str, count: int, changed: int = 0) -> dict[str, Any]:
    """Every `changed`-th row has another state than in the file without."""
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for number, line in enumerate(lines(count)):
            if changed and number % changed == 0:
                line[8] = "破损" if line[8] == "完好" else "完好"
            writer.writerow(line)
    return {"bytes": Path(path).stat().st_size}


def write_workbook(path: str, count: int) -> dict[str, Any]:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("部件")
    sheet.write_row(0, 0, HEADINGS)
    for number, line in enumerate(lines(count), start=1):
        sheet.write_row(number, 0, line)
    book.close()
    return {"bytes": Path(path).stat().st_size}
