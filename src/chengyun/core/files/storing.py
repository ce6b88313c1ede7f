"""Bytes onto the disk, safely: when `store` returns, a power cut cannot take them back."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengyun.core import configuration, disk
from chengyun.core.errors import UserError
from chengyun.core.file_models import StoredFile
from chengyun.core.files.pictures import inspect
from chengyun.core.files.sniffing import PICTURES, mime_of
from chengyun.core.history.personal import new_salt
from chengyun.core.instants import now
from chengyun.core.who import Doer

HEAD_BYTES = 32


def store(upload: File[bytes], *, by: Doer) -> StoredFile:
    """Keep an upload, or refuse it with a UserError and keep nothing. Whose it is, `attach` says."""
    with _received(upload) as (draft, sha256):
        mime = _mime(draft)
        facts: dict[str, Any] = asdict(inspect(draft)) if mime in PICTURES else {}
        _keep(draft, original_path(sha256))
        return StoredFile.objects.create(
            sha256=sha256,
            size=original_path(sha256).stat().st_size,
            mime=mime,
            name=_clean_name(upload.name or ""),
            stored_at=now(),
            by_id=by.user_id,
            by_name=by.name,
            salt=new_salt(),
            **facts,
        )


def attach(file: StoredFile, kind: str, owner_id: int) -> None:
    """Give a file to its owner; who may see the owner may see the file."""
    file.owner_kind, file.owner_id = kind, owner_id
    file.save(update_fields=["owner_kind", "owner_id"])


def attached_to(kind: str, owner_id: int) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(owner_kind=kind, owner_id=owner_id).exclude(salt="").order_by("id")


def open_original(file: StoredFile) -> BufferedReader:
    return original_path(file.sha256).open("rb")


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def original_path(sha256: str) -> Path:
    return root() / "originals" / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def _received(upload: File[bytes]) -> Iterator[tuple[Path, str]]:
    """The upload in a draft file, with its hash; the draft is gone afterwards."""
    incoming = root() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    disk.refuse_when_low(upload.size)
    handle, name = tempfile.mkstemp(dir=incoming)
    draft = Path(name)
    try:
        with _full_disk_told(), os.fdopen(handle, "wb") as out:
            sha256 = _copy(upload, out)
        yield draft, sha256
    finally:
        draft.unlink(missing_ok=True)


def _copy(upload: File[bytes], out: IO[bytes]) -> str:
    limit_mb = configuration.value("files.max_mb")
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks():
        size += len(chunk)
        if size > limit_mb * 1024 * 1024:
            raise UserError(_("文件超过 %(limit)s MB，请压缩后再上传。") % {"limit": limit_mb}, field="files")
        digest.update(chunk)
        out.write(chunk)
    if not size:
        raise UserError(_("文件是空的，请重新选择。"), field="files")
    out.flush()
    os.fsync(out.fileno())
    return digest.hexdigest()


def _mime(draft: Path) -> str:
    with draft.open("rb") as lines:
        mime = mime_of(lines.read(HEAD_BYTES))
    if mime == "image/heic":
        raise UserError(_("暂不支持 HEIC 照片，请在手机相机设置中改用 JPG 格式。"), field="files")
    if not mime:
        raise UserError(_("不支持这种文件，请上传 JPG、PNG、WebP、MP3、WAV、MP4 或 PDF。"), field="files")
    return mime


def _keep(draft: Path, target: Path) -> None:
    """Move the draft to its place; each directory on the way must survive a power cut as well."""
    with _full_disk_told():
        if not target.exists():
            for folder in (root(), target.parents[2], target.parents[1], target.parents[0]):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.chmod(0o600)
            draft.replace(target)
        for folder in (target.parents[0], target.parents[1], target.parents[2], root()):
            _sync_directory(folder)


def _sync_directory(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk.full() from error
        raise


def _clean_name(name: str) -> str:
    bare = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(each for each in bare if each.isprintable()).strip()
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot else clean[:100]


def forget_content(sha256: str) -> None:
    """Remove the bytes and everything derived from them; only when no row needs them any more."""
    if not StoredFile.objects.filter(sha256=sha256).exclude(salt="").exists():
        original_path(sha256).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(derived_folder(sha256))


def derived_folder(sha256: str) -> Path:
    return root() / "derived" / sha256[:2] / sha256
