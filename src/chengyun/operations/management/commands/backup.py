"""`chengyun backup [DIR]`: database and files, while the server goes on writing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.operations.backups import BackupFault, back_up, complete, manifest


class Command(BaseCommand):
    help = "在线备份数据库和文件；可以在服务运行时进行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=settings.BACKUP_DIR, metavar="DIR")
        parser.add_argument("--keep", type=int, default=settings.BACKUP_KEEP, help="保留最近几份")
        parser.add_argument("--list", action="store_true", help="只列出已有的备份")

    def handle(self, *, directory: Path, keep: int, **options: Any) -> None:
        if options["list"]:
            self.show(directory)
            return
        if keep < 1:
            raise CommandError(_("--keep 至少是 1。"))
        try:
            done = back_up(directory.absolute(), keep=keep, passphrase=settings.BACKUP_PASSPHRASE)
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        told = manifest.read(done)
        for sha256 in told.missing:
            self.stderr.write(_("原件缺失，未能备份：%(sha256)s") % {"sha256": sha256})
        self.stdout.write(line_of(done, told))

    def show(self, directory: Path) -> None:
        for backup in complete(directory):
            self.stdout.write(line_of(backup, manifest.read(backup)))


def line_of(backup: Path, told: manifest.Manifest) -> str:
    values = {
        "path": backup,
        "rows": sum(told.rows.values()),
        "files": len(told.files) - 1,
        "mb": told.size / 1024 / 1024,
        "kind": _("已加密") if told.encryption else _("未加密"),
    }
    return _("备份 %(path)s：%(rows)d 行，%(files)d 个文件，%(mb).1f MB，%(kind)s") % values
