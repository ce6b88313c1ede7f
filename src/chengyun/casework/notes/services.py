"""Adding a note, taking it back, following a case."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.notes.models import MAY_WITHDRAW, Mention, Note, Watch, Withdrawal
from chengyun.casework.notes.people import called
from chengyun.casework.notes.queries import FILES, check_reads_notes
from chengyun.core import events, files
from chengyun.core.errors import Conflict, NotAllowed, UserError
from chengyun.core.instants import now
from chengyun.people.access import Actor

LONGEST = 2000
MOST_FILES = 6


def add_note(case: Case, text: str, *, by: Actor, uploads: Sequence[UploadedFile[bytes]] = ()) -> Note:
    """A note by `by`, who may see the case. Whoever it calls with @姓名 is told."""
    check_reads_notes(by)
    assert by.user_id is not None
    text = _checked(text)
    users = called(case, text)
    if len(uploads) > MOST_FILES:
        raise UserError(_("一条备注最多附 %d 个文件") % MOST_FILES, field="attached")
    stored = [files.store(upload, by=by) for upload in uploads]
    with transaction.atomic():
        note = Note.objects.create(
            case=case, at=now(), by_id=by.user_id, by_name=by.name, by_department_name=by.home_department_name,
            text=text, file_count=len(stored),
        )  # fmt: skip
        Mention.objects.bulk_create(Mention(note=note, user=user) for user in users)
        for file in stored:
            files.attach(file, FILES, note.pk)
        _tell(case, note, by, [user.pk for user in users])
    return note


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise UserError(_("请填写“备注”"), field="text")
    if "\x00" in text:
        raise UserError(_("内容含有不可见字符；请重新输入"), field="text")
    if len(text) > LONGEST:
        raise UserError(_("备注最多 %(most)d 字，现有 %(n)d 字") % {"most": LONGEST, "n": len(text)}, field="text")
    return text


def _tell(case: Case, note: Note, by: Actor, mentioned: Sequence[int]) -> None:
    told = {"number": case.number, "by": by.user_id, "note": note.pk, "mentioned": sorted(mentioned)}
    events.append("case.noted", f"case:{case.pk}", told)


@transaction.atomic
def withdraw(note: Note, *, by: Actor) -> None:
    """Only its author, only for five minutes; what was said stays, marked as taken back."""
    if note.by_id != by.user_id:
        raise NotAllowed(_("只有写备注的人可以撤回"))
    if now() - note.at > MAY_WITHDRAW:
        raise Conflict(_("备注只能在 5 分钟内撤回；需要更正时请再写一条"))
    _row, is_new = Withdrawal.objects.get_or_create(note=note, defaults={"at": now()})
    if is_new:
        told = {"number": note.case.number, "by": by.user_id, "note": note.pk, "mentioned": []}
        events.append("case.noted", f"case:{note.case_id}", told)


def watch(case: Case, *, by: Actor) -> None:
    check_reads_notes(by)
    assert by.user_id is not None
    Watch.objects.get_or_create(case=case, user_id=by.user_id, defaults={"since": now()})


def unwatch(case: Case, *, by: Actor) -> None:
    Watch.objects.filter(case=case, user_id=by.user_id or 0).delete()
