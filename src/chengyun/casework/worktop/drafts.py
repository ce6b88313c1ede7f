"""Unfinished forms kept for their writer: restored on any of his machines, gone when sent, or after a week."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chengyun.casework.worktop.models import Draft
from chengyun.core.db.asked import Asked
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.people.access import Actor

KEEP = dt.timedelta(days=7)
KEY = re.compile(r"^(report|step:[0-9A-Za-z]{1,24}:[a-z_]{1,24})$")
LONGEST = 20_000
MOST_FIELDS = 60


def key_of(text: str) -> str:
    if not KEY.match(text):
        raise UserError(_("没有这张表单"), field="key")
    return text


def read(actor: Actor, key: str) -> Draft | None:
    return Draft.objects.filter(user_id=actor.user_id or 0, key=key, saved_at__gte=now() - KEEP).first()


def keep(actor: Actor, key: str, fields: Mapping[str, Any]) -> Draft:
    """Replaces what was kept before: the last keystroke is right, from whichever window."""
    clean = {_text(name)[:60]: _value(value) for name, value in list(fields.items())[:MOST_FIELDS]}
    if sum(len(str(value)) for value in clean.values()) > LONGEST:
        raise UserError(_("草稿太长，没有保存；请先提交"), field="fields")
    values = {"fields": clean, "saved_at": now()}
    return Draft.objects.update_or_create(user_id=actor.user_id or 0, key=key, defaults=values)[0]


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(each) for each in value[:100]]
    return _text(value)


def _text(value: Any) -> str:
    """Without what PostgreSQL keeps in no JSON: NUL, and halves of a character."""
    return str(value).replace("\x00", "").encode(errors="ignore").decode()


KEPT = Asked(lambda user_id, key: Draft.objects.filter(user_id=user_id, key=key), int, str)


def drop(actor: Actor, key: str) -> None:
    """Most forms leave no draft: looking costs less than a turn to write."""
    for draft in KEPT.rows(actor.user_id or 0, key):
        draft.delete()


def drop_of_step(user_id: int, number: str, verb: str) -> None:
    Draft.objects.filter(user_id=user_id, key=f"step:{number}:{verb}").delete()


def forget_old() -> None:
    Draft.objects.filter(saved_at__lt=now() - KEEP).delete()
