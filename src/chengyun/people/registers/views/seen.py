"""Two people open one row: who saves later undoes nothing that he has not seen."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.db.models import Model
from django.forms import BaseForm
from django.utils.translation import gettext as _

from chengyun.people import register as writing
from chengyun.people.registers.declaration import Register
from chengyun.people.registers.telling import told_history

# Sent along by the page of a row: the print of what its form showed.
SEEN: Final = "row_seen"


class Overtaken(Exception):
    """The row is not any more what the form showed."""


def print_of(form: BaseForm) -> str:
    """Of what the form shows before anybody fills it in."""
    shown = {name: field.prepare_value(form.get_initial_for_field(field, name)) for name, field in form.fields.items()}
    return hashlib.sha256(repr({name: _plain(value) for name, value in shown.items()}).encode()).hexdigest()


def _plain(value: Any) -> str | list[str]:
    # The choices of a list come in whichever order the database likes.
    return sorted(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else str(value)


def refuse_overtaken(register: Register, row: Model, data: Any, seen: str) -> None:
    """Holds the row until the transaction ends. Raises Overtaken where it shows other than what was seen, unless it
    shows what is sent: a button is soon pressed twice."""
    writing.locked(row)
    if _print_now(register, row) != seen and _differs(register, row, data):
        raise Overtaken


def _differs(register: Register, row: Model, data: Any) -> bool:
    fresh = register.all_rows().filter(pk=row.pk).first()
    return fresh is None or register.form is None or register.form(data, fresh).has_changed()


def tell_overtaken(register: Register, row: Model, form: BaseForm, seen: str) -> str:
    """Puts on the form who changed what meanwhile; returns what has been seen when this page is read."""
    now = _print_now(register, row)
    if not seen or now == seen:
        return seen
    last = next(iter(told_history(register.same_thing(row), register.titles, register.words)), None)
    if last is None or not last.fields:
        form.add_error(None, _("这一行在您打开之后被别人改过，没有保存；请核对您填的内容后再保存。"))
    else:
        said = {"who": last.by, "what": "；".join(last.fields)}
        message = _("%(who)s在您打开之后改过这一行（%(what)s），没有保存；请核对您填的内容后再保存。")
        form.add_error(None, message % said)
    return now


def _print_now(register: Register, row: Model) -> str:
    """Blank where there is no such row any more."""
    fresh = register.all_rows().filter(pk=row.pk).first()
    return print_of(register.form(None, fresh)) if fresh is not None and register.form else ""
