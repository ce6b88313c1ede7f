"""An import from the browser: the file is kept until it was read, looked at before, and read by a job."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from chengyun.core.errors import Conflict, UserError
from chengyun.core.instants import now
from chengyun.core.masking import masked_name, masked_phone
from chengyun.core.tables.bad_rows import SUFFIX, BadRow, BadRowFile, imports_folder
from chengyun.core.tables.records import FileFault
from chengyun.intake.hotline.models import HotlineImport
from chengyun.intake.hotline.reading.columns import LABELS
from chengyun.intake.hotline.reading.rows import Row, open_table, read_header
from chengyun.intake.hotline.services.importing import Import, import_file, start
from chengyun.people.access import Actor

MAX_BYTES = 200 * 1024 * 1024
ROWS_TO_TRY = 200
ROWS_TO_SHOW = 8
FAULTS_TO_SHOW = 20
KEPT_UNCONFIRMED = dt.timedelta(days=1)


@dataclass
class Preview:
    header: list[str] = field(default_factory=list)
    # field → column, as guessed or chosen
    mapping: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    tried: int = 0
    fault: str = ""

    @property
    def titles(self) -> list[str]:
        return [str(LABELS[name]) for name in self.mapping]


def take_upload(upload: UploadedFile[Any], *, feed: str, by: Actor) -> HotlineImport:
    """Keep the file durably under a name of our own."""
    if (upload.size or 0) > MAX_BYTES:
        raise UserError(_("文件超过 %d MB，请分成几份") % (MAX_BYTES // 1024 // 1024), field="file")
    stored_as = secrets.token_hex(16)
    with (imports_folder() / stored_as).open("xb") as file:
        for piece in upload.chunks():
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    run = start(Path(upload.name or "").name, feed=feed, told={})
    run.stored_as, run.state, run.by_id = stored_as, HotlineImport.State.UPLOADED, by.user_id
    run.save(update_fields=["stored_as", "state", "by"])
    return run


def path_of(run: HotlineImport) -> Path:
    return imports_folder() / run.stored_as


def bad_rows_of(run: HotlineImport) -> Path:
    return path_of(run).with_name(run.stored_as + SUFFIX)


def preview(run: HotlineImport, told: Mapping[str, str]) -> Preview:
    """What the file would give with these columns. A file that cannot be read at all raises FileFault."""
    found = Preview(header=[name for name in dict.fromkeys(read_header(path_of(run))) if name])
    try:
        with open_table(path_of(run), told) as table:
            found.mapping = {name: table.columns.name(name) for name in LABELS if name in table.columns.places}
            found.ignored = table.columns.ignored
            for row in islice(table.rows(ZoneInfo(run.zone), now()), ROWS_TO_TRY):
                _add(found, row)
    except FileFault as fault:
        found.fault = str(fault)
    return found


def _add(found: Preview, row: Row | BadRow) -> None:
    found.tried += 1
    if isinstance(row, BadRow):
        room = FAULTS_TO_SHOW - len(found.faults)
        found.faults += [(row.number, fault.column, fault.reason) for fault in row.faults[:room]]
    elif len(found.rows) < ROWS_TO_SHOW:
        found.rows.append([_shown(row, name) for name in found.mapping])


def _shown(row: Row, name: str) -> str:
    if name == "received_at":
        return row.received_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")
    if name in row.counts:
        return str(row.counts[name])
    text = str(getattr(row, name, ""))
    masked = {"name": masked_name, "phone": masked_phone}
    return masked[name](text) if name in masked else text[:60]


def confirm(run: HotlineImport, told: Mapping[str, str]) -> None:
    """Once: a second click finds the run already waiting."""
    uploaded = HotlineImport.objects.filter(pk=run.pk, state=HotlineImport.State.UPLOADED)
    if not uploaded.update(state=HotlineImport.State.WAITING, told=dict(told)):
        raise Conflict(_("这个文件已经开始导入"))


def run_confirmed(run_id: int) -> None:
    """The job's work. May run twice: what was stored is known, what was counted is not counted again."""
    run = HotlineImport.objects.filter(pk=run_id).first()
    if run is None or run.is_over or run.state == HotlineImport.State.UPLOADED:
        return
    try:
        with BadRowFile(path_of(run)) as faults:
            import_file(path_of(run), Import(run, faults))
    except UserError:
        pass  # the run says why
    path_of(run).unlink(missing_ok=True)


def forget_unconfirmed() -> None:
    """An upload that nobody confirmed within a day goes, with what people said in it."""
    for run in HotlineImport.objects.filter(
        state=HotlineImport.State.UPLOADED, created_at__lt=now() - KEPT_UNCONFIRMED
    )[:100]:
        path_of(run).unlink(missing_ok=True)
        run.delete()
