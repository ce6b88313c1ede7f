"""`chengyun export county-catalogue FILE.xlsx`: the catalogue of a day, ready to be changed and loaded again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.core.instants import today
from chengyun.taxonomy.services.excel import export_catalogue


class Command(BaseCommand):
    help = "导出本县分类目录（Excel）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="要写入的 Excel 文件")
        parser.add_argument("--on", type=dt.date.fromisoformat, help="哪一天的目录，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            path.write_bytes(export_catalogue(options["on"] or today()))
        except OSError as error:
            raise CommandError(f"无法写入文件：{error.filename}") from None
        self.stdout.write(f"已导出到 {path}")
