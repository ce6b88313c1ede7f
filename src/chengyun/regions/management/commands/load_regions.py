from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.people.access import SYSTEM
from chengyun.regions.services.importing import Outcome, import_regions

SYSTEM_HELP = (
    "坐标系：wgs84、gcj02、bd09、cgcs2000-zoned 或 epsg:4491 到 epsg:4554；不写则看文件自己的标记，再按 WGS-84"
)


class Command(BaseCommand):
    help = "导入区划和单元网格（GeoJSON、Shapefile 压缩包、Excel）；有一处错误就什么也不改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON、Shapefile（.zip）或 Excel 文件")
        parser.add_argument("--check-only", action="store_true", help="只检查，不导入")
        parser.add_argument(
            "--system",
            default="",
            help=SYSTEM_HELP,
        )
        parser.add_argument("--allow-gaps", action="store_true", help="允许下级没有盖满上级，如网格只划到建成区")
        parser.add_argument("--name", default="", help="版本名称；不写则用文件名")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("读不到文件 %(file)s。") % {"file": file}) from error
        outcome = import_regions(
            content,
            name=options["name"] or file.stem,
            by=SYSTEM,
            system=options["system"],
            gaps=not options["allow_gaps"],
            check_only=options["check_only"],
        )
        self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        for fault in outcome.faults:
            self.stderr.write(str(fault))
        if outcome.faults:
            raise CommandError(_("有 %(count)s 处错误，没有导入。") % {"count": len(outcome.faults)})
        counts = "，".join(f"{level.label} {count}" for level, count in outcome.counts.items())
        words = _("已导入并启用：%(counts)s。") if outcome.version else _("检查通过：%(counts)s。")
        self.stdout.write(words % {"counts": counts})
