"""How a register row is changed: checked, stored, its history appended and announced, in one transaction.

Registers of floors above (responsibility grids, duty lists) may use it too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from chengyun.core import events, instants
from chengyun.core.chained import link
from chengyun.core.errors import NotFound, UserError
from chengyun.core.who import Doer
from chengyun.people.models import RegisterChange

Row = TypeVar("Row", bound=models.Model)
Content = dict[str, Any]

# Stands in history where a value is personal: it was there, but erasing it must not break the chain.
HIDDEN = "***"
PERSONAL = frozenset({"phone"})
# Two versions of one thing differ in these by nature.
VALIDITY = frozenset({"valid_from", "valid_to", "version"})
# Secrets, and what changes by mere use; neither checked nor told here.
NEVER_TOLD = frozenset({"id", "password", "digest", "last_login", "last_used_at", "created_at"})


@transaction.atomic
def store(row: Row, *, by: Doer) -> Row:
    """A new row."""
    check(row)
    row.save(force_insert=True)
    record(row, "created", {}, content(row), by=by)
    return row


@transaction.atomic
def change(row: models.Model, fields: Content, *, by: Doer, action: str = "changed") -> bool:
    """Give `row` these values; False when it has them already and nothing is written."""
    before = content(row)
    for name, value in fields.items():
        setattr(row, name, value)
    changed = {name: value for name, value in content(row).items() if value != before[name]}
    if not changed:
        return False
    check(row)
    row.save(update_fields=list(changed))
    record(row, action, {name: before[name] for name in changed}, changed, by=by)
    return True


def record(row: models.Model, action: str, before: Content, after: Content, *, by: Doer) -> None:
    """Append to the row's chain and announce. Two changes of one row must wait for each other: `locked` first."""
    entry = entry_for(row, action, before, after, by=by)
    link(entry, RegisterChange.objects.filter(chain=entry.chain).order_by("-seq").first())
    entry.save()
    events.append("register.changed", entry.chain, {"action": action, "fields": sorted(after)})


def record_new(rows: Sequence[models.Model], *, by: Doer, told: Callable[[Any], Content] | None = None) -> None:
    """The first history row of many new rows at once; whoever imports announces the whole.

    `told` gives what a row says where its own columns are not all of it.
    """
    entries = [entry_for(row, "created", {}, (told or content)(row), by=by) for row in rows]
    for entry in entries:
        link(entry, None)
    RegisterChange.objects.bulk_create(entries, batch_size=500)


def record_successor(row: models.Model, before: Content, after: Content, *, by: Doer) -> None:
    """The first history row of a new version: what it says otherwise than the version before."""
    changed = [name for name, value in after.items() if name not in VALIDITY and value != before.get(name)]
    record(row, "changed", {name: before.get(name) for name in changed}, {name: after[name] for name in changed}, by=by)


def record_changes(changes: Sequence[tuple[models.Model, Content, Content]], *, action: str, by: Doer) -> None:
    """A history row each for many changed rows (row, before, after), whose lock the caller holds and who announces."""
    entries = [entry_for(row, action, before, after, by=by) for row, before, after in changes]
    standing = RegisterChange.objects.filter(chain__in=[entry.chain for entry in entries]).order_by("seq")
    last = {entry.chain: entry for entry in standing}
    for entry in entries:
        link(entry, last.get(entry.chain))
    RegisterChange.objects.bulk_create(entries, batch_size=500)


def entry_for(row: models.Model, action: str, before: Content, after: Content, *, by: Doer) -> RegisterChange:
    return RegisterChange(
        chain=subject(row),
        at=instants.now(),
        action=action,
        before=_kept(before),
        after=_kept(after),
        by_id=by.user_id,
        by_name=by.name,
    )


def history(row: models.Model) -> list[RegisterChange]:
    return list(RegisterChange.objects.filter(chain=subject(row)).order_by("-seq"))


def locked(row: Row) -> Row:
    """The row as it stands now, held until the transaction ends."""
    try:
        return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    except type(row).DoesNotExist as error:  # type: ignore[attr-defined]
        raise NotFound(_("%(what)s不存在，请刷新页面。") % {"what": row._meta.verbose_name}) from error


def subject(row: models.Model) -> str:
    return f"{row._meta.model_name}:{row.pk}"


def content(row: models.Model) -> Content:
    """The row's own columns."""
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in NEVER_TOLD]
    return {name: getattr(row, name) for name in names}


def _kept(values: Content) -> Content:
    """The values as history keeps them: JSON, and without what is personal."""
    return {name: _hidden(value) if name in PERSONAL else _plain(value) for name, value in values.items()}


def _hidden(value: Any) -> str:
    return HIDDEN if value else ""


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return instants.as_utc(value).isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def check(row: models.Model) -> None:
    """Raise what is wrong with the row in the user's words, with the field's own name."""
    try:
        row.full_clean(exclude=NEVER_TOLD)
    except ValidationError as error:
        raise _user_error(row, error) from error
    starts, ends = getattr(row, "valid_from", None), getattr(row, "valid_to", None)
    if starts and ends and ends < starts:
        raise UserError(_("截止日期不能早于开始日期。"), field="valid_to")


def _user_error(row: models.Model, error: ValidationError) -> UserError:
    name, messages = next(iter(error.message_dict.items()))
    if name == "__all__":
        return UserError(messages[0])
    title = getattr(row._meta.get_field(name), "verbose_name", name)
    return UserError(_("%(field)s：%(message)s") % {"field": title, "message": messages[0]}, field=name)
