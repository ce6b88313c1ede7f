"""What must not be lost: backups and logs."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from chengyun.core.instants import now
from chengyun.operations import backups as copies
from chengyun.operations.backups import BackupFault, postgres, store
from chengyun.operations.checks.finding import Finding, fault, ok, warning

OLD = dt.timedelta(hours=36)
VERY_OLD = dt.timedelta(days=7)


def backups() -> Iterator[Finding]:
    place = Path(settings.BACKUP_DIR)
    newest = copies.newest(place)
    if newest is None:
        said = _("%(place)s 里没有完整的备份。") % {"place": place}
        yield warning("backup", said, _("请运行 chengyun backup，并用 CHENGYUN_BACKUP_AT 设每晚备份。"))
    else:
        yield _age(newest)
    if store.begun(place) and not _is_running():
        yield warning("backup_unfinished", _("有一次备份没有做完。"), _("请再运行 chengyun backup，它会接着做。"))
    yield from _pg_dump()


def _age(newest: Path) -> Finding:
    age = now() - copies.moment_of(newest)
    said = _("最近的备份是 %(hours)d 小时前的 %(name)s。") % {"hours": age.total_seconds() // 3600, "name": newest.name}
    remedy = _("请运行 chengyun backup，并查看每晚备份为何没有做。")
    if age > VERY_OLD:
        return fault("backup", said, remedy)
    return warning("backup", said, remedy) if age > OLD else ok("backup", said)


def _is_running() -> bool:
    try:
        with store.alone(Path(settings.DATA_DIR), Path(settings.BACKUP_DIR)):
            return False
    except BackupFault:
        return True


def _pg_dump() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    try:
        postgres.binary("pg_dump")
    except BackupFault as error:
        yield fault("pg_dump", str(error), _("没有它就不能备份。"))


def logs() -> Iterator[Finding]:
    folder = settings.LOG_DIR
    if folder is None:
        if settings.PRODUCTION:
            said = _("日志没有写入文件，是否留存六个月由别的程序决定。")
            yield warning("logs", said, _("请去掉 CHENGYUN_LOGS=-，或确认日志另有留存。"))
        return
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(existing, os.W_OK):
        yield fault(
            "logs", _("日志目录 %(folder)s 不能写入。") % {"folder": folder}, _("请检查 CHENGYUN_LOGS 和目录权限。")
        )
    else:
        yield ok("logs", _("日志写入 %(folder)s，留存 %(days)d 天。") % {"folder": folder, "days": settings.LOG_DAYS})
