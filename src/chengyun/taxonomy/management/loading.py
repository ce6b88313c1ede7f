"""What `chengyun load …` commands of dated tables share: a file, a day, a look without writing, faults told whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.taxonomy.services.faults import FaultyTable


class LoadTable(BaseCommand):
    file_help: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=self.file_help)
        parser.add_argument("--from", dest="valid_from", type=dt.date.fromisoformat, help="生效日期，默认今天")
        self.add_own(parser)
        parser.add_argument("--dry-run", action="store_true", help="只显示差异，不写入")

    def add_own(self, parser: CommandParser) -> None:
        raise NotImplementedError

    def load(self, path: Path, valid_from: dt.date, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.load(options["file"], options["valid_from"] or today(), options)
        except FaultyTable as faulty:
            raise CommandError("\n".join(["有误，未导入：", *map(str, faulty.faults)])) from None
        except OSError as error:
            raise CommandError(f"无法读取文件：{error.filename}") from None
        except UserError as error:
            raise CommandError(str(error)) from None
