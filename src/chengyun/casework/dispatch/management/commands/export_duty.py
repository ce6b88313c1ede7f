"""`chengyun export duty FILE.xlsx`: the duty list of a day, ready to be changed and loaded again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.casework.dispatch.services.table import export_table
from chengyun.core.instants import today


class Command(BaseCommand):
    help = "导出权责清单（Excel）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="要写入的 Excel 文件")
        parser.add_argument("--on", type=dt.date.fromisoformat, help="哪一天的清单，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            path.write_bytes(export_table(options["on"] or today()))
        except OSError as error:
            raise CommandError(f"无法写入文件：{error.filename}") from None
        self.stdout.write(f"已导出到 {path}")
