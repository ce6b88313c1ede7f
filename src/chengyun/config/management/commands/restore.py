"""`chengyun restore BACKUP --into DIR`: a backup becomes an installation of its own, checked to the last row."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.config import databases
from chengyun.operations.backups import BackupFault, manifest, restoring


class Command(BaseCommand):
    help = "把备份恢复到一个新的数据目录，升级、核验并说明此后缺了什么；从不覆盖已有数据"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument("--into", type=Path, metavar="DIR", help="新的数据目录，须不存在或为空")
        parser.add_argument("--database", default="", help="PostgreSQL 备份恢复到的空库地址")
        parser.add_argument("--check", action="store_true", help="只检查备份是否完好")
        parser.add_argument("--finish", action="store_true", help="只做最后一步：在已恢复的安装中升级并核验")

    def handle(self, *, backup: Path, **options: Any) -> None:
        try:
            told = restoring.checked(backup)
            self.stdout.write(
                _("备份完好：%(at)s 的数据，程序 %(program)s。") % {"at": told.at, "program": told.program}
            )
            if options["finish"]:
                self.finish(told)
            elif not options["check"]:
                self.restore(backup.absolute(), told, options["into"], options["database"])
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault

    def restore(self, backup: Path, told: manifest.Manifest, into: Path | None, address: str) -> None:
        if into is None:
            raise CommandError(_("请用 --into 给出新的数据目录。"))
        into = into.absolute()
        database = databases.settings_for(address) if address else {}
        restoring.lay_out(backup, told, into, database, settings.BACKUP_PASSPHRASE)
        self.stdout.write(_("已放到 %(into)s，正在升级和核验。") % {"into": into})
        self.stdout.flush()
        if finished_in(into, backup, address):
            raise CommandError(_("恢复的数据没有通过核验，原因见上。"))
        self.stdout.write(restoring.lost_since(told) or _("备份之后的登记和步骤不在恢复的数据里。"))

    def finish(self, told: manifest.Manifest) -> None:
        proof = restoring.finish(told)
        for fault in proof.faults:
            self.stdout.write(fault)
        if proof.faults:
            raise CommandError(_("发现 %(count)d 处不符。") % {"count": len(proof.faults)})
        values = {"rows": proof.rows, "files": proof.files}
        self.stdout.write(_("核验通过：%(rows)d 行、%(files)d 个文件与备份时一致，历史记录完好。") % values)


def finished_in(into: Path, backup: Path, address: str) -> int:
    """In a process of its own, whose settings are those of the restored installation."""
    own = {"CHENGYUN_DATA": str(into), "CHENGYUN_DATABASE": address}
    command = [sys.executable, "-m", "chengyun", "restore", str(backup), "--finish"]
    return subprocess.run(command, env={**os.environ, **own}, check=False).returncode
