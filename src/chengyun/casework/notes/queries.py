"""Who reads notes, which stand on a case, which cases somebody follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import of_seen_case, visible_to
from chengyun.casework.notes.models import MAY_WITHDRAW, Note, Watch
from chengyun.core.errors import NotAllowed, NotFound
from chengyun.core.file_models import StoredFile
from chengyun.core.instants import now
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest
from chengyun.people.roles import ADMINISTRATORS, Role

# The kind under which `core.files` knows a note's files.
FILES = "note"
SHOWN = 50
# Notes are for those who work on cases: a citizen who reported has no role, and administrators keep the installation.
READERS = frozenset(Role) - ADMINISTRATORS


@dataclass(frozen=True)
class NoteView:
    note: Note
    files: list[StoredFile]
    may_withdraw: bool


def reads_notes(actor: Actor) -> bool:
    return actor.has(*READERS)


def check_reads_notes(actor: Actor) -> None:
    if not reads_notes(actor):
        raise NotAllowed(_("内部备注只给办理案件的岗位；您的岗位不参与办理"))


def notes_of(case: Case, actor: Actor) -> list[NoteView]:
    """Newest first, in one statement; a second where files came with them."""
    found = Note.objects.filter(case=case).select_related("withdrawal").order_by("-id")
    notes = list(found[:SHOWN])
    held = _files([note.pk for note in notes if note.file_count and not note.is_withdrawn])
    return [NoteView(note, held.get(note.pk, []), _may_withdraw(note, actor)) for note in notes]


def _files(note_ids: list[int]) -> dict[int, list[StoredFile]]:
    held: dict[int, list[StoredFile]] = {}
    if note_ids:
        for file in StoredFile.objects.filter(owner_kind=FILES, owner_id__in=note_ids).order_by("id"):
            held.setdefault(cast(int, file.owner_id), []).append(file)
    return held


def _may_withdraw(note: Note, actor: Actor) -> bool:
    return note.by_id == actor.user_id and not note.is_withdrawn and now() - note.at <= MAY_WITHDRAW


def note_for(actor: Actor, pk: int) -> Note:
    note = Note.objects.select_related("case", "withdrawal").filter(of_seen_case(actor), pk=pk).first()
    if note is None or not reads_notes(actor):
        raise NotFound(_("没有这条备注，或者您无权查看"))
    return note


def sees_note(request: HttpRequest, note_id: int) -> bool:
    """For its files: the case's readers, and nobody any more once it has been taken back."""
    actor = cast(ActorRequest, request).actor
    found = Note.objects.filter(of_seen_case(actor), pk=note_id, withdrawal__isnull=True)
    return reads_notes(actor) and found.exists()


def is_watched(case: Case, actor: Actor) -> bool:
    return Watch.objects.filter(case=case, user_id=actor.user_id or 0).exists()


def watched(actor: Actor) -> QuerySet[Case]:
    """The cases that the actor follows and still may see."""
    return visible_to(actor).filter(watches__user_id=actor.user_id or 0)
