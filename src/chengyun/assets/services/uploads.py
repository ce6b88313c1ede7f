"""A file of components from a browser: kept, shown as differences, applied against the register that was shown.

For the round trip of an export and for a contractor's delivery; a whole census comes in on the command line.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.assets.models import Component
from chengyun.assets.reading import columns
from chengyun.assets.services import stamp
from chengyun.assets.services.derived import CONTENT
from chengyun.assets.services.importing import Noted, Summary, import_components
from chengyun.assets.told import SILENT, Naming
from chengyun.core import instants
from chengyun.core.errors import Conflict, NotFound, UserError
from chengyun.people.access import Actor
from chengyun.people.models import RegisterUpload

KEY = "components"
MOST_BYTES = 5 * 1024 * 1024
SHOWN = 200
ENDINGS = (".csv", ".xlsx", ".geojson")


@dataclass(frozen=True)
class Complaint:
    row: int
    column: str
    is_refusal: bool
    reason: str


@dataclass
class Complaints:
    """What the import refuses or remarks on, the first of it kept for the page."""

    refused: int = 0
    remarked: int = 0
    shown: list[Complaint] = field(default_factory=list)

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.refused += 1
        self._keep(Complaint(row, columns.title(column), True, reason))

    def remark(self, row: int, column: str, reason: str) -> None:
        self.remarked += 1
        self._keep(Complaint(row, columns.title(column), False, reason))

    def _keep(self, complaint: Complaint) -> None:
        if len(self.shown) < SHOWN:
            self.shown.append(complaint)


@dataclass(frozen=True)
class Difference:
    """A row that is new (no fields) or changes something: (title, before, after)."""

    row: int
    identifier: str
    name: str
    fields: list[tuple[str, str, str]]


@dataclass
class Preview:
    summary: Summary
    complaints: Complaints
    # The register's serial when this was seen.
    seen: int
    changed: list[Difference] = field(default_factory=list)
    added: list[Difference] = field(default_factory=list)

    @property
    def does_anything(self) -> bool:
        return bool(self.summary.created or self.summary.changed)


def take(file: UploadedFile[Any], *, by: Actor) -> RegisterUpload:
    if (file.size or 0) > MOST_BYTES:
        raise UserError(_("文件超过 5 MB，请分成几份，或用命令 chengyun import components 导入。"), field="file")
    if Path(str(file.name)).suffix.lower() not in ENDINGS:
        raise UserError(_("部件文件应为 .xlsx、.csv 或 .geojson。"), field="file")
    assert by.user_id is not None  # pages are for people who are logged in
    return RegisterUpload.objects.create(
        register=KEY, by_id=by.user_id, at=instants.now(), file_name=str(file.name)[-100:], content=file.read(),
        day=instants.today(),
    )  # fmt: skip


def upload_of(pk: int, actor: Actor) -> RegisterUpload:
    """One's own upload that is still there."""
    found = RegisterUpload.objects.filter(pk=pk, register=KEY, by_id=actor.user_id).first()
    if found is None:
        raise NotFound(_("没有这次上传，请重新上传文件。"))
    return found


def preview(upload: RegisterUpload, *, by: Actor) -> Preview:
    """What applying would do now; nothing is written."""
    complaints, seen, noted = Complaints(), stamp.serial(), list[Noted]()
    with _as_file(upload) as path:
        summary = import_components(
            path, faults=complaints, by=by, check_only=True, notice=lambda each: _first(noted, each)
        )
    found = Preview(summary, complaints, seen)
    found.added = [_new(each) for each in noted if each.component_id is None][:SHOWN]
    found.changed = list(_changes([each for each in noted if each.component_id is not None][:SHOWN]))
    return found


def apply(upload: RegisterUpload, *, by: Actor, seen: str) -> Summary:
    """Rows that cannot be taken stay out. Raises Conflict when the register is no longer what was shown."""
    if upload.applied_at is not None:
        raise Conflict(_("这个文件已经导入过。"))
    if seen != str(stamp.serial()):
        raise Conflict(_("台账在您查看期间有了变化，没有导入；请看新的差异后再决定。"))
    with _as_file(upload) as path, transaction.atomic():
        summary = import_components(path, faults=Complaints(), by=by)
        done = RegisterUpload.objects.filter(pk=upload.pk, applied_at=None)
        if not done.update(applied_at=instants.now(), content=b""):
            raise Conflict(_("这个文件已经导入过。"))
    return summary


@contextmanager
def _as_file(upload: RegisterUpload) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(upload.file_name).name
        path.write_bytes(bytes(upload.content))
        yield path


def _first(noted: list[Noted], each: Noted) -> None:
    """Enough of both kinds for the page; the rest is only counted."""
    if sum((one.component_id is None) == (each.component_id is None) for one in noted) < SHOWN:
        noted.append(each)


def _new(each: Noted) -> Difference:
    return Difference(each.row, each.values["identifier"], each.values["name"], [])


def _changes(noted: list[Noted]) -> Iterator[Difference]:
    standing = Component.objects.in_bulk([each.component_id for each in noted])
    naming = Naming(pk for each in standing.values() for pk in _units(each))
    for each in noted:
        before = standing[each.component_id]
        fields = [
            (naming.title(name), naming.said(name, getattr(before, name)), _after(naming, each, name))
            for name in CONTENT
            if name not in SILENT and getattr(before, name) != each.values[name]
        ]
        yield Difference(each.row, before.identifier, before.name, fields)


def _units(component: Component) -> tuple[int | None, ...]:
    return component.manager_id, component.owner_id, component.maintainer_id


def _after(naming: Naming, each: Noted, name: str) -> str:
    party = each.parties.get(name.removesuffix("_id"))
    return party[1] if party else naming.said(name, each.values[name])
