"""A file on its way into a register: kept, shown as differences, applied against the state that was shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import Conflict, NotFound, UserError
from chengyun.core.history import record
from chengyun.people.access import Actor
from chengyun.people.models import RegisterUpload
from chengyun.people.registers import workbook
from chengyun.people.registers.book import Book, Differences, OnMap, Reading, Terms, Written, compare, fingerprint
from chengyun.people.registers.declaration import Register

# A file that nobody applied goes after a day, with the persons in it.
KEPT = dt.timedelta(days=1)


def take(register: Register, file: UploadedFile[Any], terms: Terms, *, by: Actor) -> RegisterUpload:
    """Keep the file; it must be one that can be opened."""
    if (file.size or 0) > workbook.MOST_BYTES:
        raise UserError(_("文件超过 5 MB，请分成几份。"), field="file")
    content = file.read()
    if isinstance(register.book, OnMap):
        register.book.refuse_unreadable(content)
    else:
        workbook.opened(content).close()
    assert by.user_id is not None  # pages are for people who are logged in
    return RegisterUpload.objects.create(
        register=register.key,
        by_id=by.user_id,
        at=instants.now(),
        file_name=str(file.name or "")[-100:],
        content=content,
        day=terms.day,
        whole=terms.whole,
        system=terms.system,
    )


def upload_of(register: Register, pk: int, actor: Actor) -> RegisterUpload:
    """One's own upload that is still there."""
    found = RegisterUpload.objects.filter(pk=pk, register=register.key, by_id=actor.user_id).first()
    if found is None:
        raise NotFound(_("没有这次上传，请重新上传文件。"))
    return found


def terms_of(upload: RegisterUpload) -> Terms:
    return Terms(upload.day, upload.whole, upload.system)


def differences(book: Book, upload: RegisterUpload) -> tuple[Reading, Differences]:
    """What applying would do now; nothing is written."""
    terms = terms_of(upload)
    reading = book.read(bytes(upload.content), terms)
    return reading, compare(book, book.standing(terms), reading, terms)


def apply(book: Book, upload: RegisterUpload, *, by: Actor, seen: str) -> tuple[Differences, Written]:
    """All of it or nothing. Raises Conflict when the register is no longer what was shown."""
    if upload.applied_at is not None:
        raise Conflict(_("这个文件已经导入过。"))
    terms = terms_of(upload)
    reading, found = differences(book, upload)
    if found.faults:
        raise UserError(_("文件有误，没有导入；请按提示改正后重新上传。"), field="file")
    if found.seen != seen:
        raise _changed_meanwhile()
    reading.prepare()
    with transaction.atomic():
        _lock(book)
        if fingerprint(book.standing(terms), reading) != seen:
            raise _changed_meanwhile()
        if not RegisterUpload.objects.filter(pk=upload.pk, applied_at=None).update(
            applied_at=instants.now(), content=b"", outcome=found.counts
        ):
            raise Conflict(_("这个文件已经导入过。"))
        told = book.write(reading, found, terms, by=by)
        data = {"file": upload.file_name, "day": terms.day.isoformat(), "whole": terms.whole, **found.counts}
        record(f"import:{upload.register}", "register.imported", data, by=by)
    return found, told


def forget_unapplied() -> None:
    old = RegisterUpload.objects.filter(applied_at=None, at__lt=instants.now() - KEPT)
    old.delete()


def _changed_meanwhile() -> Conflict:
    return Conflict(_("台账在您查看期间有了变化，没有导入；请看新的差异后再决定。"))


def _lock(book: Book) -> None:
    """Nobody else writes these tables until the end. On SQLite the transaction itself is that lock."""
    if connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in book.tables)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
