"""Two named acts: the outgoing sign, the incoming take over. Between them the sheet does not change."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chengyun.casework.handover.facts import facts_of
from chengyun.casework.handover.figures import frozen
from chengyun.casework.handover.models import MOST_ITEM, MOST_WORDS, Item, Sheet
from chengyun.casework.handover.shifts import AT_DESK, DAY, Shift, shifts_of
from chengyun.core import configuration, instants
from chengyun.core.chained import canonical
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.core.history.recording import record
from chengyun.core.instants import now
from chengyun.people.access import Actor
from chengyun.people.models import Department
from chengyun.people.roles import Role

# How long before his shift somebody may take over.
EARLY = dt.timedelta(hours=2)


def sign(centre: Department, shift: Shift, remarks: str, *, by: Actor) -> Sheet:
    """交班: the figures of this moment become the sheet's for good."""
    user_id = _may_sign(shift, by)
    facts = facts_of(centre, shift)
    sheet = Sheet(
        centre=centre,
        day=shift.day,
        name=shift.name,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        figures=frozen(centre, facts.span),
        alerts=[each.kept() for each in facts.alerts],
        items=[{"id": item.pk, "words": item.words, "by": item.opened_by_name} for item in facts.items],
        notes=list(facts.notes),
        remarks=_words(remarks, MOST_WORDS, "remarks"),
        signed_at=now(),
        signed_by_id=user_id,
        signed_by_name=by.name,
    )
    sheet.digest = digest(sheet)
    return _stored(sheet, by)


def _may_sign(shift: Shift, by: Actor) -> int:
    user_id = require_desk(by)
    if user_id not in shift.user_ids and not by.has(Role.DUTY_CHIEF):
        names = "、".join(shift.people)
        raise NotAllowed(_("交班由本班值班人（%(names)s）或值班长签字。") % {"names": names})
    opens = shift.ends_at - early()
    if now() < opens:
        at = opens.astimezone(instants.SHANGHAI).strftime("%H:%M")
        raise UserError(_("还不到交班的时间，%(at)s 以后可以签字。") % {"at": at})
    return user_id


def _stored(sheet: Sheet, by: Actor) -> Sheet:
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
            counts = {key: len(ids) for key, ids in sheet.figures.items()}
            told = {"shift": f"{sheet.day.isoformat()} {sheet.name}", "counts": counts, "digest": sheet.digest}
            record(sheet.chain, "handover.signed", told, by=by)
    except IntegrityError as error:
        raise Conflict(_("本班已经有人交班签字，请刷新页面。")) from error
    return sheet


@transaction.atomic
def take_over(sheet_id: int, centre: Department, *, by: Actor) -> Sheet:
    """接班: somebody of a later shift, or the duty chief; never whoever signed."""
    require_desk(by)
    sheet = Sheet.objects.filter(pk=sheet_id, centre=centre).first()
    if sheet is None:
        raise NotFound(_("没有这张交接班单，请刷新页面。"))
    if sheet.signed_by_id == by.user_id:
        raise NotAllowed(_("交班人不能自己接班，请接班人签字。"))
    if not (by.has(Role.DUTY_CHIEF) or by.user_id in _incoming(centre, sheet)):
        raise NotAllowed(_("接班由下一班的值班人或值班长签字。"))
    taken = {"taken_at": now(), "taken_by_id": by.user_id, "taken_by_name": by.name}
    if not Sheet.objects.filter(pk=sheet.pk, taken_at=None).update(**taken):
        sheet.refresh_from_db()
        raise Conflict(_("%(name)s 已经接班，请刷新页面。") % {"name": sheet.taken_by_name})
    record(sheet.chain, "handover.taken", {"digest": sheet.digest}, by=by)
    sheet.refresh_from_db()
    return sheet


# Within this time the same words of the same person are the same item: somebody clicked twice.
TWICE = dt.timedelta(minutes=1)


@transaction.atomic
def add_item(centre: Department, words: str, *, by: Actor) -> Item:
    user_id = require_desk(by)
    words = _words(words, MOST_ITEM, "words")
    if not words:
        raise UserError(_("请写明要交办的事项。"), field="words")
    # One at a time, so that the second click sees what the first wrote.
    Department.objects.select_for_update().get(pk=centre.pk)
    mine = Item.objects.filter(centre=centre, opened_by_id=user_id, words=words, done_at=None)
    if known := mine.filter(opened_at__gt=now() - TWICE).first():
        return known
    item = Item.objects.create(
        centre=centre, words=words, opened_at=now(), opened_by_id=user_id, opened_by_name=by.name
    )
    record(item.chain, "handover.item_opened", {"digest": _hash(words)}, by=by)
    return item


@transaction.atomic
def tick_item(item_id: int, centre: Department, *, by: Actor) -> Item:
    require_desk(by)
    item = Item.objects.filter(pk=item_id, centre=centre).first()
    if item is None:
        raise NotFound(_("没有这个交办事项，请刷新页面。"))
    done = {"done_at": now(), "done_by_id": by.user_id, "done_by_name": by.name}
    if not Item.objects.filter(pk=item.pk, done_at=None).update(**done):
        item.refresh_from_db()
        raise Conflict(_("%(name)s 已经办结这个事项，请刷新页面。") % {"name": item.done_by_name})
    record(item.chain, "handover.item_done", by=by)
    item.refresh_from_db()
    return item


def require_desk(by: Actor) -> int:
    """Who it is: a sheet is signed by people only."""
    if by.user_id is None or not (by.county_wide and by.has(*AT_DESK)):
        raise NotAllowed(_("交接班由受理员、值班长、派遣员办理，请联系他们。"))
    return by.user_id


def digest(sheet: Sheet) -> str:
    """Of everything that is printed: a sheet that was changed afterwards does not fit its history row."""
    kept: Mapping[str, Any] = {
        "shift": [sheet.day.isoformat(), sheet.name],
        "figures": sheet.figures,
        "alerts": sheet.alerts,
        "items": sheet.items,
        "notes": sheet.notes,
        "remarks": sheet.remarks,
    }
    return _hash(canonical(kept))


def early() -> dt.timedelta:
    return dt.timedelta(minutes=float(configuration.value("handover.early_minutes")))


def _incoming(centre: Department, sheet: Sheet) -> set[int]:
    """Whoever is on a later shift that has begun or begins soon."""
    latest = now() + EARLY
    later = shifts_of(centre, sheet.day, instants.today() + DAY)
    return {user for each in later if sheet.starts_at < each.starts_at <= latest for user in each.user_ids}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _words(text: str, most: int, field: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > most:
        sentence = _("最多 %(most)d 字，现有 %(now)d 字，请缩短。")
        raise UserError(sentence % {"most": most, "now": len(text)}, field=field)
    return text
