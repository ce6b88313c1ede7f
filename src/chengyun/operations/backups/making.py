"""Making a backup: first the database in one snapshot, then the files that this snapshot knows."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from chengyun import __version__
from chengyun.core.instants import now
from chengyun.operations.backups import crypt, manifest, pictures, postgres, sqlite, store
from chengyun.operations.backups.crypt import Cipher
from chengyun.operations.backups.manifest import BackupFault, Kept, Manifest

VENDORS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgres}
DRAFT = "backup-draft"
ROOM = 1.2  # of the database's size, and as much again stays free


def back_up(place: Path, *, keep: int, passphrase: str = "") -> Path:
    """A new backup in `place`; older than the newest `keep` are dropped. BackupFault leaves those there are."""
    refuse_without_room(place)
    with store.alone(settings.DATA_DIR, place):
        moment = now()
        folder = place / (store.name_at(moment) + store.PART)
        left = store.begun(place)
        folder.mkdir(mode=0o700, exist_ok=True)
        _write(folder, moment.isoformat(), place, passphrase, [each for each in left if each != folder])
        done = place / store.name_at(moment)
        if done.exists():
            raise BackupFault(_("这一秒已有一份备份，请稍后再试。"))
        folder.replace(done)
        manifest.sync(place)
        for each in left:
            shutil.rmtree(each, ignore_errors=True)
        store.drop_old(place, keep)
        return done


def _write(folder: Path, started_at: str, place: Path, passphrase: str, left: list[Path]) -> None:
    previous = store.newest(place)
    before = manifest.read(previous) if previous else None
    cipher = _cipher(passphrase, before)
    told, database = _database(folder, cipher)
    known = {each.path: each for each in before.files} if before and _same_key(cipher, before) else {}
    # What a killed backup has encrypted belongs to a key that only its manifest, never written, would tell.
    earlier = [*([previous] if previous and known else []), *(left if cipher is None else [])]
    keeper = pictures.Keeper(folder, earlier, known, cipher)
    files = [database, *keeper.keep(told.pop("pictures"))]
    _manifest(folder, started_at, told, files, keeper.missing, cipher).write(folder)
    manifest.sync(folder)


def _manifest(
    folder: Path,
    started_at: str,
    told: dict[str, Any],
    files: Iterable[Kept],
    missing: list[str],
    cipher: Cipher | None,
) -> Manifest:
    return Manifest(
        program=__version__,
        vendor=connection.vendor,
        started_at=started_at,
        finished_at=now().isoformat(),
        files=list(files),
        missing=missing,
        encryption=cipher.parameters if cipher else None,
        **told,
    )


def _cipher(passphrase: str, before: Manifest | None) -> Cipher | None:
    """The key of the backup before where the passphrase is the same: its files can then be linked."""
    if not passphrase:
        return None
    if before and before.encryption:
        try:
            return Cipher.of(passphrase, before.encryption)
        except crypt.WrongPassphrase:
            pass
    return Cipher.new(passphrase)


def _same_key(cipher: Cipher | None, before: Manifest) -> bool:
    return (cipher.parameters if cipher else None) == before.encryption


def _database(folder: Path, cipher: Cipher | None) -> tuple[dict[str, Any], Kept]:
    """What is to be encrypted is never in plain where backups lie, not even after a kill."""
    vendor = VENDORS[connection.vendor]
    if cipher is None:
        return vendor.dump(connection.settings_dict, folder), manifest.kept(folder, vendor.NAME)
    draft = settings.DATA_DIR / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        told = vendor.dump(connection.settings_dict, draft)
        name = f"{vendor.NAME}{pictures.ENCRYPTED}"
        crypt.copy(draft / vendor.NAME, folder / name, cipher.encrypt)
    finally:
        shutil.rmtree(draft)
    return told, manifest.kept(folder, name)


def refuse_without_room(place: Path) -> None:
    """Before anything is written: a backup must not be what fills the disk."""
    if connection.vendor != "sqlite":
        return
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    needed = int(Path(connection.settings_dict["NAME"]).stat().st_size * ROOM) + settings.DISK_NO_UPLOADS_BYTES
    if shutil.disk_usage(existing).free < needed:
        message = _("磁盘空间不够备份：%(place)s 需要 %(mb)d MB，请清理或换一个目录。")
        raise BackupFault(message % {"place": place, "mb": needed // 1024 // 1024})
