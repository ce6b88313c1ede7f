"""A county of eighteen cells and the national catalogues, for the tests of components, and censuses of it."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chengyun.assets.models import Component
from chengyun.assets.services.editing import create_component
from chengyun.assets.services.faults import FaultFile
from chengyun.assets.services.importing import Summary, import_components
from chengyun.assets.services.lookups import unit_for
from chengyun.core import configuration, instants
from chengyun.people.access import SYSTEM
from chengyun.regions import locate
from chengyun.regions.tests import land
from chengyun.taxonomy.models import ClassMapping, Kind, MajorClass, MinorClass, Standard
from chengyun.taxonomy.services.state import announce

COUNTY = land.COUNTY
WELL = "01003"  # 雨水井盖
BIN = "03006"
HEADINGS = ("标识码", "名称", "状态", "主管部门代码", "主管部门", "单元网格", "初始日期", "经度", "纬度", "所在道路")


def build() -> None:
    _catalogues()
    configuration.change("installation.division_code", COUNTY, by=SYSTEM)
    land.active_version()
    locate.forget()


def _catalogues() -> None:
    """Two parts and two matters of 2026, and one part of 2013 with what it became."""
    edition = Standard.objects.create(code="GB/T 47678.5-2026", title="现行", in_force_from=dt.date(2026, 7, 1))
    former = Standard.objects.create(code="GB/T 30428.2-2013", title="原版")
    well = _minor(edition, Kind.PART, WELL, "雨水井盖")
    _minor(edition, Kind.PART, BIN, "垃圾箱")
    _minor(edition, Kind.MATTER, WELL, "雨水井盖异常")
    _minor(edition, Kind.MATTER, "06010", "暴露垃圾")
    ClassMapping.objects.create(old=_minor(former, Kind.PART, "0103", "雨水井盖"), new=well)
    announce("catalogue")


def _minor(standard: Standard, kind: Kind, code: str, name: str) -> MinorClass:
    major, _new = MajorClass.objects.get_or_create(standard=standard, kind=kind, code=code[:2], name=code[:2])
    return MinorClass.objects.create(standard=standard, major=major, kind=kind, code=code, name=name)


def component(lon: float = 0, lat: float = 0, class_code: str = WELL, **values: Any) -> Component:
    """In the middle of the first cell, moved by so many degrees."""
    west, south = land.middle(0, 0)
    given = {"manager_id": unit_for("", "住建局").pk, "initial_date": instants.today()} | values
    return create_component(by=SYSTEM, class_code=class_code, lon=west + lon, lat=south + lat, **given)


def line(sequence: int, **changed: str) -> dict[str, str]:
    lon, lat = land.middle(0, 0)
    known = ("", "雨水井盖", "完好", "1137", "住建局", "", "20200315", str(lon), str(lat), "凤凰街")
    return dict(zip(HEADINGS, known, strict=True)) | {"标识码": f"{COUNTY}{WELL}{sequence:06}"} | changed


@dataclass
class Census:
    folder: Path
    files: int = 0
    path: Path = field(default_factory=Path)

    def bring_in(self, *lines: dict[str, str], **options: Any) -> Summary:
        self.files += 1
        self.path = self.folder / f"census-{self.files}.csv"
        with self.path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, lines[0].keys())
            writer.writeheader()
            writer.writerows(lines)
        return self.again(**options)

    def again(self, **options: Any) -> Summary:
        with FaultFile(self.path) as faults:
            return import_components(self.path, faults=faults, by=SYSTEM, **options)

    @property
    def faults(self) -> list[tuple[str, str, str, str]]:
        """(row, column, kind, reason) of the last file."""
        beside = self.path.with_name(self.path.name + ".bad-rows.csv")
        with beside.open(encoding="utf-8-sig", newline="") as lines:
            return [tuple(each) for each in list(csv.reader(lines))[1:]]
