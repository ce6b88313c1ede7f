"""Personal values stay outside the chain; the chain holds salted commitments to them.

A chained row keeps them in its `data` as {"commitments": {"report:17": {"reporter_phone": "<hex>"}}}. Erasing removes
the values and their salt at the owner and appends a record of it; the commitments that remain tell nothing any more.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core.chained import commitment
from chengyun.core.declarations import collect
from chengyun.core.errors import NotFound, UserError
from chengyun.core.history.recording import record
from chengyun.core.models import Record
from chengyun.core.who import Doer

ERASED = "personal.erased"

# What a holder has for one key: the salt and the values that are still there.
Held = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class PersonalHolder:
    """Declared in `declares.py` by whoever keeps personal values.

    `kind` is what stands before the colon of a key. `read` gives what is present for keys like "report:17"; `remove`
    blanks all values and the salt of one key, inside the caller's transaction.
    """

    kind: str
    read: Callable[[Sequence[str]], Mapping[str, Held]]
    remove: Callable[[str], None]


def new_salt() -> str:
    return secrets.token_hex(16)


def commitments(salt: str, values: Mapping[str, str]) -> dict[str, str]:
    """Commitments to those values that are not blank; a blank one has nothing to hide or to prove."""
    return {name: commitment(salt, name, value) for name, value in values.items() if value}


def holders() -> dict[str, PersonalHolder]:
    return {holder.kind: holder for holder in collect(PersonalHolder)}


def erase(key: str, *, by: Doer, reason: str) -> Record:
    """Remove the personal values behind `key` for good, and say who did it and why."""
    if not reason.strip():
        raise UserError(_("请填写清除个人信息的原因。"), field="reason")
    holder = holders().get(key.partition(":")[0])
    if holder is None:
        raise NotFound(_("没有找到要清除的个人信息。"))
    with transaction.atomic():
        held = holder.read([key]).get(key)
        if held is None:
            raise NotFound(_("没有找到要清除的个人信息。"))
        holder.remove(key)
        data = {"key": key, "names": sorted(held[1]), "reason": reason.strip()}
        return record(erasure_chain(key), ERASED, data, by=by)


def erasure_chain(key: str) -> str:
    """A long key, such as a hotline's own number, is shortened to what a chain's name may hold."""
    chain = f"erasure:{key}"
    return chain if len(chain) <= 64 else f"{chain[:43]}~{hashlib.sha256(key.encode()).hexdigest()[:20]}"
