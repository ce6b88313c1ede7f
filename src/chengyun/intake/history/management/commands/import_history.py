"""`chengyun import history FILE --profile P.toml`: the closed and open cases of an older system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.tables.bad_rows import BadRowFile
from chengyun.intake.history.importing import HistoryImport
from chengyun.intake.history.profile import read_profile

ROWS_BETWEEN_WORDS = 5_000


class Command(BaseCommand):
    help = "导入旧系统的历史案件（xlsx、csv、csv.gz、parquet），可重复执行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="xlsx、csv、csv.gz 或 parquet 文件")
        parser.add_argument(
            "--profile", type=Path, required=True, help="方案文件（TOML），或自带方案的名称，如 boston311"
        )

    def handle(self, *args: Any, file: Path, profile: Path, **options: Any) -> None:
        try:
            read = read_profile(profile)
            with BadRowFile(file) as faults:
                summary = HistoryImport(read, faults, tell=self._progress()).run(file)
        except UserError as fault:
            raise CommandError(str(fault)) from fault
        if faults.is_written:
            self.stdout.write(_("错误行已列在 %s") % faults.path)
        for lon, lat, count in summary.crowded:
            point = {"lon": lon, "lat": lat, "count": count}
            sentence = _("%(count)d 件在同一点 %(lon)s, %(lat)s；如是默认坐标，请写进方案的 place.unknown 后重新导入")
            self.stdout.write(sentence % point)
        self.stdout.write(str(summary))

    def _progress(self) -> Any:
        said = 0

        def tell(row: int) -> None:
            nonlocal said
            if row - said >= ROWS_BETWEEN_WORDS:
                said = row
                self.stdout.write(_("已读到第 %d 行") % row)

        return tell
