"""`chengyun load duty FILE`: the duty list from Excel or CSV, all or nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from chengyun.casework.dispatch.services.table import changes, import_table, read_table
from chengyun.taxonomy.management.loading import LoadTable

WORDS = {"added": "新增", "changed": "变更", "retired": "停用"}


class Command(LoadTable):
    help = "载入权责清单（Excel 或 CSV）"
    file_help = "Excel（“权责清单”表）或 CSV 文件"

    def add_own(self, parser: CommandParser) -> None:
        parser.add_argument("--whole", action="store_true", help="文件是完整清单：其中没有的权责停用")

    def load(self, path: Path, valid_from: dt.date, options: dict[str, Any]) -> None:
        table = read_table(path, valid_from)
        counts = changes(table, valid_from, whole=options["whole"]).counts()
        if counts and not options["dry_run"]:
            import_table(table, valid_from, whole=options["whole"])
        words = "，".join(f"{WORDS[name]} {number} 条" for name, number in counts.items()) or "没有改动"
        self.stdout.write(f"{words}（尚未写入）" if counts and options["dry_run"] else words)
