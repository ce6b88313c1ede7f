"""`chengyun load county-catalogue FILE.xlsx`: shows the differences, then writes them all or nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from chengyun.taxonomy.management.loading import LoadTable
from chengyun.taxonomy.services.excel import differences, import_catalogue, read_catalogue


class Command(LoadTable):
    help = "载入本县分类目录（Excel，含“目录”“立案条件”两张表）"
    file_help = "Excel 文件"

    def add_own(self, parser: CommandParser) -> None:
        parser.add_argument("--origin", default="本县", help="立案条件的来源名称，默认“本县”")

    def load(self, path: Path, valid_from: dt.date, options: dict[str, Any]) -> None:
        with path.open("rb") as file:
            table = read_catalogue(file)
        found = differences(table, valid_from)
        for line in found.lines():
            self.stdout.write(line)
        if not found:
            self.stdout.write("与现行目录一致，没有改动")
        elif options["dry_run"]:
            self.stdout.write("以上差异尚未写入")
        else:
            import_catalogue(table, valid_from, origin=options["origin"])
            self.stdout.write(f"已写入，自{valid_from}起生效")
