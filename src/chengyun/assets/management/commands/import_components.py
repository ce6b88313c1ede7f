"""`chengyun import components FILE`: a census of components."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from chengyun.assets.services.faults import FaultFile
from chengyun.assets.services.importing import import_components
from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM


class Command(BaseCommand):
    help = "导入部件普查数据（csv、xlsx、geojson、shp），可重复执行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="csv、xlsx、geojson 或 shp 文件")
        parser.add_argument(
            "--system", default="wgs84", help="坐标系：wgs84、cgcs2000、gcj02、bd09，或 2000 投影坐标的 EPSG 编号"
        )
        parser.add_argument("--check-only", action="store_true", help="只检查，不导入")

    def handle(self, *args: Any, file: Path, system: str, check_only: bool, **options: Any) -> None:
        try:
            with FaultFile(file) as faults:
                summary = import_components(
                    file, faults=faults, by=SYSTEM, system=system, check_only=check_only, tell=self._tell
                )
        except UserError as fault:
            raise CommandError(str(fault)) from fault
        if faults.path:
            self.stdout.write(_("未导入的行和提示已列在 %s") % faults.path)
        self.stdout.write(str(summary))

    def _tell(self, row: int) -> None:
        if row % 50_000 < 5_000:
            self.stdout.write(_("已读到第 %d 行") % row)
