from __future__ import annotations

import datetime as dt

import structlog
from django.conf import settings

from chengyun.core.instants import SHANGHAI, now
from chengyun.core.jobs import every, job
from chengyun.operations import backups, clock, logfiles

log = structlog.get_logger(__name__)

DAY_S = 24 * 3600


@every(seconds=10)
def watch_clock() -> None:
    clock.watch.look()


@every(seconds=DAY_S)
def keep_logs() -> None:
    if settings.LOG_DIR is not None:
        logfiles.keep(settings.LOG_DIR, settings.LOG_DAYS)


@every(seconds=300)
def begin_nightly_backup() -> None:
    """As a job of its own: it may take minutes, and sealing must not wait for it."""
    if is_backup_due(now()):
        nightly_backup.enqueue()


@job(tries=3)
def nightly_backup() -> None:
    if is_backup_due(now()):
        done = backups.back_up(settings.BACKUP_DIR, keep=settings.BACKUP_KEEP, passphrase=settings.BACKUP_PASSPHRASE)
        log.info("backed up", backup=done.name)


def is_backup_due(moment: dt.datetime) -> bool:
    """The hour of the last night has passed and nothing has been backed up since."""
    if settings.BACKUP_AT is None:
        return False
    local = moment.astimezone(SHANGHAI)
    due = local.replace(hour=settings.BACKUP_AT.hour, minute=settings.BACKUP_AT.minute, second=0, microsecond=0)
    if due > local:
        due -= dt.timedelta(days=1)
    newest = backups.newest(settings.BACKUP_DIR)
    return newest is None or backups.moment_of(newest) < due
