"""申诉: an evaluated unit objects to a line of its published row, an evaluator decides, once and with a reason.

Until then whoever objected may withdraw it. What was published is never changed by it: what was upheld is put right by
更正, a version of its own.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from chengyun.core import history
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.core.instants import now
from chengyun.insight.evaluation import access, publishing, schemes
from chengyun.insight.evaluation.models import Objection, PublishedRow
from chengyun.insight.figures.indicator import Indicator
from chengyun.people.access import Actor

LEAST_WORDS: Final = 10
MOST_WORDS: Final = 500
LEAST_REASON: Final = 5
State = Objection.State


def visible_to(actor: Actor) -> QuerySet[Objection]:
    """Whoever reads all sees those of his county; others those of their own rows."""
    rows = Objection.objects.select_related("row__publication")
    if access.may_read_all(actor):
        return rows.filter(row__publication__region_code=access.region_of(actor))
    return rows.filter(row__in=access.own(actor))


def objection_for(actor: Actor, pk: int) -> Objection:
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这份申诉，或者您不能查看"))
    return found


def may_object(actor: Actor, row: PublishedRow) -> bool:
    return access.own(actor).filter(pk=row.pk).exists()


def object_to(row: PublishedRow, line: int, words: str, *, by: Actor) -> Objection:
    """Raises Conflict where the line has an open one, or where a correction has replaced the publication."""
    publication, words = row.publication, words.strip()
    if by.user_id is None or not may_object(by, row):
        raise NotAllowed(_("申诉由被评价的部门或者本人提出"))
    line_of(row, line)
    _check_length(words, LEAST_WORDS, "words")
    versions = publishing.versions_of(publication.kind, publication.group, publication.period, publication.region_code)
    if versions[0].pk != publication.pk:
        raise Conflict(_("这一版已被第 %d 版更正取代，请在最新的一版提出申诉") % versions[0].version)
    made = Objection(row=row, line=line, words=words, at=now(), by_id=by.user_id, by_name=by.name)
    return _stored(made, by)


@transaction.atomic
def _stored(made: Objection, by: Actor) -> Objection:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这一项已有一份申诉等待裁定，裁定后才能再次申诉")) from None
    _tell(made, "objected", {"words": _digest(made.words)}, by)
    return made


@transaction.atomic
def decide(objection: Objection, version: int, *, upheld: bool, reason: str, by: Actor) -> Objection:
    """On the version that the evaluator saw; of two at once the first decides."""
    access.check_writes(by)
    reason = reason.strip()
    _check_length(reason, LEAST_REASON, "reason")
    if objection.by_id == by.user_id:
        raise UserError(_("本人提出的申诉请由其他考核员裁定"))
    state = State.UPHELD if upheld else State.REJECTED
    waiting = Objection.objects.filter(pk=objection.pk, version=version, state=State.OPEN)
    decided = waiting.update(
        state=state, reason=reason, decided_at=now(), decided_by_id=by.user_id, decided_by=by.name,
        version=F("version") + 1,
    )  # fmt: skip
    if not decided:
        raise Conflict(_("别人已先一步裁定或撤回，请看现在的状态"))
    objection.refresh_from_db()
    _tell(objection, "decided", {"state": state.value, "reason": _digest(reason)}, by)
    return objection


@transaction.atomic
def withdraw(objection: Objection, version: int, *, by: Actor) -> Objection:
    """By the side that objected, while nobody has decided; the line is open to an objection again."""
    if by.user_id is None or not may_object(by, objection.row):
        raise NotAllowed(_("申诉由提出的部门或者本人撤回"))
    waiting = Objection.objects.filter(pk=objection.pk, version=version, state=State.OPEN)
    gone = waiting.update(
        state=State.WITHDRAWN, withdrawn_at=now(), withdrawn_by_id=by.user_id, withdrawn_by=by.name,
        version=F("version") + 1,
    )  # fmt: skip
    if not gone:
        raise Conflict(_("申诉已经裁定或撤回，不能再撤回，请看现在的状态"))
    objection.refresh_from_db()
    _tell(objection, "withdrawn", {}, by)
    return objection


def line_of(row: PublishedRow, line: int) -> Indicator:
    """The line of the frozen scheme that is objected to."""
    indicators = schemes.frozen(row.publication.scheme).indicators
    if not 0 <= line < len(indicators):
        raise NotFound(_("评价方案里没有这一项"))
    return indicators[line]


def chain_of(objection: Objection) -> str:
    return f"evaluation_objection:{objection.pk}"


def _check_length(text: str, least: int, field: str) -> None:
    if not least <= len(text) <= MOST_WORDS:
        told = {"least": least, "most": MOST_WORDS, "now": len(text)}
        raise UserError(_("请写 %(least)d 至 %(most)d 字，现在是 %(now)d 字") % told, field=field)


def _digest(text: str) -> str:
    """A history keeps for good what is in it, so it proves the words without holding them."""
    return hashlib.sha256(text.encode()).hexdigest()


def _tell(objection: Objection, what: str, data: dict[str, Any], by: Actor) -> None:
    about = {"publication": objection.row.publication_id, "key": objection.row.key, "line": objection.line}
    history.record(chain_of(objection), f"evaluation.{what}", about | data, by=by)
