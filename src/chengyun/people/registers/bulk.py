"""Many rows at once: a field set to one value, or a deed done. Shown row by row first; all or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.chained import canonical
from chengyun.core.declarations import Text
from chengyun.core.errors import Conflict, UserError
from chengyun.people import register as writing
from chengyun.people.access import Actor
from chengyun.people.registers.declaration import Action, Register

MOST = 500
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    row: models.Model
    before: str
    after: str
    href: str
    differs: bool


@dataclass(frozen=True)
class Preview:
    changes: Sequence[Change]
    # What the rows held when they were shown.
    seen: str

    @property
    def differing(self) -> int:
        return sum(change.differs for change in self.changes)


class Wish(Protocol):
    """What can be done with many rows: `values` reads the form, `changes` says what would become of each row."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> Text: ...

    def form(self, rows: Sequence[Any], data: Any) -> forms.BaseForm: ...

    def values(self, form: forms.BaseForm) -> Values: ...

    def changes(self, rows: Sequence[Any], values: Values) -> list[Change]: ...

    def do(self, rows: Sequence[Any], values: Values, *, by: Actor) -> None: ...


@dataclass(frozen=True)
class SetField:
    register: Register
    key: str

    @property
    def title(self) -> Text:
        return str(self._whole_form().fields[self.key].label)

    def form(self, rows: Sequence[Any], data: Any) -> forms.BaseForm:
        """The register's own form, with the one field that is to be changed."""
        form = self._whole_form()
        form.data, form.is_bound = ({} if data is None else data), data is not None
        form.fields = {self.key: form.fields[self.key]}
        form.fields[self.key].disabled = False
        return form

    def values(self, form: forms.BaseForm) -> Values:
        """Checked by the field alone: what else holds, the service says for each row."""
        column = form.fields[self.key]
        try:
            sent = column.widget.value_from_datadict(form.data, {}, form.add_prefix(self.key))
            return {self.key: column.clean(sent)}
        except forms.ValidationError as error:
            raise UserError(error.messages[0], field=self.key) from error

    def changes(self, rows: Sequence[Any], values: Values) -> list[Change]:
        return [self._change(row, values[self.key]) for row in rows]

    def do(self, rows: Sequence[Any], values: Values, *, by: Actor) -> None:
        if self.register.change_many:
            self.register.change_many(rows, by=by, **values)
            return
        assert self.register.change is not None
        for row in rows:
            _tried(self.register.change, row, values, by=by)

    def _change(self, row: Any, value: Any) -> Change:
        assert self.register.form is not None
        bound = self.register.form(None, row)[self.key]
        before, after = said(bound.field, bound.initial), said(bound.field, value)
        return Change(row, before, after, self.register.row_url(row), before != after)

    def _whole_form(self) -> forms.BaseForm:
        assert self.register.form is not None
        return self.register.form(None, None)


@dataclass(frozen=True)
class DoDeed:
    register: Register
    action: Action
    actor: Actor

    @property
    def key(self) -> str:
        return f"do-{self.action.key}"

    @property
    def title(self) -> Text:
        return self.action.title

    def form(self, rows: Sequence[Any], data: Any) -> forms.BaseForm:
        return self.action.form(data, rows[0]) if self.action.form else forms.Form(data)

    def values(self, form: forms.BaseForm) -> Values:
        if not form.is_valid():
            raise UserError(_("请按提示改正后再看改动。"))
        return form.cleaned_data

    def changes(self, rows: Sequence[Any], values: Values) -> list[Change]:
        return [self._change(row) for row in rows]

    def do(self, rows: Sequence[Any], values: Values, *, by: Actor) -> None:
        for row in rows:
            _tried(self.action.do, row, values, by=by)

    def _change(self, row: Any) -> Change:
        may = self.action.shown(row) and self.action.offered(row, self.actor)
        return Change(row, "", str(self.action.title), self.register.row_url(row), may)


def wishes(register: Register, actor: Actor) -> list[Wish]:
    """What this person may do with many rows."""
    fields = register.bulk_fields if register.may_change(actor) else ()
    deeds = [each for each in register.actions if each.for_many and actor.for_county(*each.roles)]
    return [*(SetField(register, name) for name in fields), *(DoDeed(register, each, actor) for each in deeds)]


def chosen_rows(register: Register, ids: Sequence[str]) -> list[Any]:
    wanted = {int(pk) for pk in ids if pk.isdecimal() and len(pk) < 19}
    if not wanted:
        raise UserError(_("请先在列表里勾选要修改的行。"))
    if len(wanted) > MOST:
        raise UserError(_("一次最多修改 %(most)d 行，请分批办理。") % {"most": MOST})
    rows = list(register.all_rows().filter(pk__in=wanted).order_by("pk"))
    if not rows:
        raise UserError(_("勾选的行已经不在了，请刷新列表后重新勾选。"))
    return rows


def preview(register: Register, wish: Wish, rows: Sequence[Any], values: Values) -> Preview:
    return Preview(wish.changes(rows, values), _fingerprint(rows))


@transaction.atomic
def apply(register: Register, wish: Wish, ids: Sequence[str], values: Values, *, by: Actor, seen: str) -> int:
    """Do it where it differs. Raises Conflict when a row changed since it was shown."""
    for row in chosen_rows(register, ids):
        writing.locked(row)
    rows = chosen_rows(register, ids)
    if _fingerprint(rows) != seen:
        raise Conflict(_("这些行刚被别人修改，请看最新内容后再决定。"))
    differing = [change.row for change in wish.changes(rows, values) if change.differs]
    if differing:
        wish.do(differing, values, by=by)
    return len(differing)


def _tried(do: Any, row: models.Model, values: Values, *, by: Actor) -> None:
    try:
        do(row, by=by, **values)
    except UserError as error:
        raise type(error)(f"{row}：{error}", field=error.field) from error


def _fingerprint(rows: Sequence[models.Model]) -> str:
    content = [[writing.subject(row), {k: str(v) for k, v in writing.content(row).items()}] for row in rows]
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def said(column: forms.Field, value: Any) -> str:
    """A value as the form's field would show it."""
    if value is None or value == "" or value == []:
        return _("（空）")
    if isinstance(column, forms.ModelMultipleChoiceField | forms.ModelChoiceField):
        return _related(column, value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(instants.SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(column, forms.ChoiceField):
        value = column.prepare_value(value)
        labels = {str(key): str(label) for key, label in column.widget.choices}
        values = value if isinstance(value, list | tuple) else [value]
        return "、".join(labels.get(str(each), str(each)) for each in values)
    return str(value)


def _related(column: Any, value: Any) -> str:
    values = list(value) if isinstance(value, list | tuple | set | models.QuerySet) else [value]
    found = [each if isinstance(each, models.Model) else column.queryset.model.objects.get(pk=each) for each in values]
    return "、".join(sorted(str(each) for each in found)) or _("（空）")
