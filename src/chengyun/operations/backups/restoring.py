"""Laying a backup out as an installation of its own, and proving that it is what was backed up."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext as _

from chengyun.core import events, history
from chengyun.core.history.sealing import key_ids
from chengyun.core.models import Event
from chengyun.operations.backups import crypt, facts, manifest, pictures, postgres, sqlite
from chengyun.operations.backups.crypt import Cipher
from chengyun.operations.backups.manifest import BackupFault, Manifest

FAULTS_NAMED = 20
PICTURE = re.compile(rf"{pictures.FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{64}}")
# Django's own lists grow when newer migrations are applied.
GROW = ("django_migrations", "django_content_type", "auth_permission")


def checked(backup: Path) -> Manifest:
    """The manifest of a backup whose every file is as it was stored. Raises BackupFault naming what is not."""
    told = manifest.read(backup)
    if foreign := [each.path for each in told.files if not is_ours(each.path)]:
        raise BackupFault(_("清单里有不属于备份的文件（%(path)s），请换用另一份备份。") % {"path": foreign[0]})
    found = list(manifest.faults(backup, told))
    if found:
        raise BackupFault("\n".join([_("这份备份不能用："), *found[:FAULTS_NAMED]]))
    return told


def is_ours(path: str) -> bool:
    """The database or a picture: nothing else is laid out, and nothing outside of the new directory."""
    bare = path.removesuffix(pictures.ENCRYPTED)
    return bare in (sqlite.NAME, postgres.NAME) or bool(PICTURE.fullmatch(bare))


def lay_out(backup: Path, told: Manifest, target: Path, database: dict[str, Any], passphrase: str) -> None:
    """Files and database at their places. `target` is a new or empty directory and appears whole or not at all."""
    refuse_filled(target, told, database)
    cipher = _cipher(told, passphrase)
    draft = target.with_name(target.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    for each in told.files:
        _lay_file(backup / each.path, draft, each.path, cipher)
    if told.vendor == "postgresql":
        dump = draft / postgres.NAME
        postgres.lay(dump, database)
        dump.unlink()
    _lay_secrets(draft)
    if target.exists():
        target.rmdir()
    draft.replace(target)
    manifest.sync(target.parent)


def refuse_filled(target: Path, told: Manifest, database: dict[str, Any]) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupFault(_("%(target)s 不是空目录，不会覆盖；请给一个新的目录。") % {"target": target})
    if told.vendor == "postgresql":
        if database.get("ENGINE") != "django.db.backends.postgresql":
            raise BackupFault(_("这是 PostgreSQL 的备份，请用 --database 给出一个空库的地址。"))
        if not postgres.is_empty(database):
            raise BackupFault(_("库 %(name)s 里已有表，不会覆盖；请新建一个空库。") % {"name": database["NAME"]})
    elif database:
        raise BackupFault(_("这是 SQLite 的备份，数据库就在目标目录里，不要给 --database。"))


def _cipher(told: Manifest, passphrase: str) -> Cipher | None:
    if told.encryption is None:
        return None
    if not passphrase:
        raise BackupFault(_("这份备份已加密，请设置 CHENGYUN_BACKUP_PASSPHRASE。"))
    return Cipher.of(passphrase, told.encryption)


def _lay_file(source: Path, draft: Path, path: str, cipher: Cipher | None) -> None:
    bare = path.removesuffix(pictures.ENCRYPTED)
    if path.startswith(f"{pictures.FOLDER}/"):
        target = pictures.original_in(draft / "files", pictures.hash_of(path))
    else:
        target = draft / ("chengyun.sqlite3" if bare == sqlite.NAME else bare)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    crypt.copy(source, target, cipher.decrypt if cipher else crypt.plainly)


def _lay_secrets(draft: Path) -> None:
    """The keys of the installation that restores; a backup never holds any."""
    source = settings.DATA_DIR / "env"
    if source.is_file():
        manifest.durable(draft / "env", source.read_bytes())


# --- inside the restored installation -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """`faults` says what is not as it was backed up; blank when the copy may be trusted."""

    faults: list[str]
    rows: int
    files: int


def finish(told: Manifest) -> Proof:
    """Bring the restored database up to date and compare it with what the manifest told."""
    different = list(_differing_counts(told))
    call_command("migrate", interactive=False, verbosity=0)
    if connection.vendor == "postgresql":
        with transaction.atomic():
            events.rebase()
    return Proof([*different, *_faults(told)], sum(told.rows.values()), len(told.files) - 1)


def _differing_counts(told: Manifest) -> Iterator[str]:
    """Before the migration. A second run finds a newer schema and what has been done since, and compares nothing."""
    with connection.cursor() as cursor:

        def ask(question: str) -> facts.Rows:
            cursor.execute(question)
            return list(cursor.fetchall())

        if [list(row) for row in ask(facts.MIGRATIONS)] != told.migrations:
            return
        counted = facts.counts(ask, connection.introspection.table_names(cursor))
    for table, count in told.rows.items():
        if counted.get(table, 0) != count:
            yield _("%(table)s 应有 %(count)d 行，实有 %(found)d 行") % {
                "table": table,
                "count": count,
                "found": counted.get(table, 0),
            }


def _faults(told: Manifest) -> Iterator[str]:
    unknown = set(told.seal_keys) - key_ids()
    if unknown:
        yield _("封存用的密钥不在手边（编号 %(ids)s），请把当时的 CHENGYUN_SEAL_KEY 放回后再核验。") % {
            "ids": "、".join(sorted(unknown))
        }
        return
    yield from (str(fault) for fault in history.verify() if fault.is_grave)
    yield from (_("备份时就缺少文件 %(sha256)s") % {"sha256": sha256} for sha256 in told.missing)


def lost_since(told: Manifest) -> str:
    """What the installation that we stand in has done after the backup; a blank where it cannot be asked."""
    later = Event.objects.filter(at__gt=told.at).order_by("-at")
    try:
        count = later.count()
    except Exception:  # no database, no table: the usual reason for a restore
        return ""
    if not count:
        return _("原库中此后没有新的记录。")
    last = later[0].at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return _("原库中此后还有 %(count)d 个事件，最后一个在 %(last)s，不在恢复的数据里。") % {
        "count": count,
        "last": last,
    }
