"""`chengyun import hotline FILE`: orders of the 12345 line or a message board, as reports and cases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.tables.bad_rows import BadRowFile
from chengyun.intake.hotline.reading.columns import LABELS, parse_told
from chengyun.intake.hotline.services.importing import DEFAULT_FEED, Import, import_file, start

ROWS_BETWEEN_WORDS = 1000


class Command(BaseCommand):
    help = "导入热线工单（xlsx、csv、csv.gz），可重复执行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="xlsx、csv 或 csv.gz 文件")
        fields = "、".join(f"{name}（{label}）" for name, label in LABELS.items())
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="字段=列名",
            help=f"表头猜不出时指明列，可多次；字段：{fields}",
        )
        parser.add_argument("--source", default=DEFAULT_FEED, type=feed_name, help="来源名称，编号在一个来源里不重复")
        parser.add_argument("--zone", default="Asia/Shanghai", type=zone_name, help="文件里时间的时区")

    def handle(self, *args: Any, file: Path, source: str, zone: str, **options: Any) -> None:
        try:
            told = parse_told(options["map"])
            run = start(file.name, feed=source, zone=zone, told=told)
            with BadRowFile(file) as faults:
                summary = import_file(file, Import(run, faults, tell=self._progress()))
        except UserError as fault:
            raise CommandError(str(fault)) from fault
        if faults.is_written:
            self.stdout.write(_("错误行已列在 %s") % faults.path)
        if summary.broken:
            self.stderr.write(summary.broken)
        self.stdout.write(str(summary))
        if summary.broken:
            # What could be read is imported, but whoever started this should look at the file.
            sys.exit(1)

    def _progress(self) -> Any:
        said = 0

        def tell(row: int) -> None:
            nonlocal said
            if row - said >= ROWS_BETWEEN_WORDS:
                said = row
                self.stdout.write(_("已读到第 %d 行") % row)

        return tell


def feed_name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > 30 or "/" in name:
        raise argparse.ArgumentTypeError("来源名称为 1 到 30 字，不含“/”")
    return name


def zone_name(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(f"没有时区“{text}”，例如 Asia/Shanghai") from error
    return text
