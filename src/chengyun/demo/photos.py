"""The demo's pictures in the file store: forty originals on the disk, a row of its own for every use.

Who may see a case may see its pictures, so each use belongs to its case, as an upload would.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile

from chengyun.casework.batch import Thread
from chengyun.casework.cases import writer
from chengyun.casework.cases.models import Picture
from chengyun.casework.cases.state import StepRow
from chengyun.core import files
from chengyun.core.files import StoredFile
from chengyun.demo import pictures
from chengyun.people.access import SYSTEM

NAME = "演示照片"
BATCH = 1_000


def store_originals() -> int:
    """Through the door that uploads take; the same bytes are kept once."""
    for number in range(pictures.COUNT):
        files.store(ContentFile(pictures.picture(number), name=f"{NAME}{number + 1:02}.jpg"), by=SYSTEM)
    return pictures.COUNT


def originals() -> tuple[StoredFile, ...]:
    """The forty originals in their order, or none where they have not been stored."""
    return tuple(StoredFile.objects.filter(name__startswith=NAME, by_id=None, owner_id=None).order_by("name"))


@dataclass(frozen=True)
class Use:
    """A step that came with pictures, given by their numbers until the files have rows."""

    thread: Thread
    step: StepRow
    numbers: tuple[int, ...]


def lift(threads: Sequence[Thread]) -> list[Use]:
    """Take the picture numbers out of the steps: cases are written without, `attach` puts the files in."""
    uses = [Use(thread, step, step.photos) for thread in threads for step in thread.steps if step.photos]
    for use in uses:
        use.step.photos = ()
    return uses


def attach(uses: Sequence[Use], stock: Sequence[StoredFile]) -> None:
    if not stock:
        return
    rows = [_row(use, stock[number]) for use in uses for number in use.numbers]
    made = iter(StoredFile.objects.bulk_create(rows, batch_size=BATCH))
    for use in uses:
        use.step.photos = tuple(next(made).pk for _ in use.numbers)
    Picture.objects.bulk_create(
        (row for use in uses for row in writer.pictures(use.step, _case_id(use))), batch_size=BATCH
    )


def _case_id(use: Use) -> int:
    assert use.thread.case is not None
    return use.thread.case.pk


def _row(use: Use, original: StoredFile) -> StoredFile:
    by = use.step.by
    return copy(original, writer.FILES, _case_id(use), at=use.step.at, by_id=by.user_id, by_name=by.name)


def copy(
    original: StoredFile, kind: str, owner_id: int, *, at: dt.datetime, by_id: int | None, by_name: str
) -> StoredFile:
    """A row of its own for the same bytes, not stored yet."""
    return StoredFile(
        sha256=original.sha256,
        size=original.size,
        mime=original.mime,
        name=original.name,
        width=original.width,
        height=original.height,
        taken_at=at,
        owner_kind=kind,
        owner_id=owner_id,
        stored_at=at,
        by_id=by_id,
        by_name=by_name,
        salt=secrets.token_hex(16),
    )
