"""The way back: what a row said before, read out of its own history, and an action that says it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import Actor
from chengyun.people.registers.declaration import Action
from chengyun.ui.templatetags.ui_tags import local_time

# As many as one looks through; the history itself tells the rest.
MOST = 50


@dataclass(frozen=True)
class Earlier:
    """What the row said until somebody changed it; `seq` is the number of that change in the row's history."""

    seq: int
    until: dt.datetime
    values: Mapping[str, Any]


def earlier(row: models.Model, fields: Sequence[str]) -> list[Earlier]:
    """What the row said of these columns (text, whole numbers) before now: newest first, each once. One statement."""
    now = {name: getattr(row, name) for name in fields}
    found: list[Earlier] = []
    state = now
    for change in register.history(row):
        state = state | {name: value for name, value in change.before.items() if name in now}
        if state != now and all(state != each.values for each in found):
            found.append(Earlier(change.seq, change.at, state))
    return found[:MOST]


def way_back(fields: Sequence[str], change: Callable[..., Any], roles: frozenset[str]) -> Action:
    """Offered on a row that said something else before. `change(row, by=, **values)` is the register's own service."""

    def do(row: models.Model, *, by: Actor, state: str) -> str:
        chosen = next((each for each in earlier(row, fields) if str(each.seq) == state), None)
        if chosen is None:
            raise UserError(_("这一行刚被修改过，请刷新页面后重选。"), field="state")
        change(row, by=by, **chosen.values)
        return _("已恢复，立即生效。")

    def form(data: Any, row: models.Model) -> forms.BaseForm:
        built = _BackForm(data)
        state = built.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [(str(each.seq), _told(row, each)) for each in earlier(row, fields)]
        return built

    return Action(
        "way-back",
        gettext_lazy("恢复以前的内容"),
        do,
        roles,
        form=form,
        shown=lambda row: bool(earlier(row, fields)),
        rule=gettext_lazy("把当时的内容再存一遍；现在的内容留在变更记录里。"),
    )


class _BackForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("以前的内容"))


def _told(row: models.Model, state: Earlier) -> str:
    """Until when it held, and what it said otherwise than now."""
    differing = [name for name, value in state.values.items() if value != getattr(row, name)]
    said = "；".join(f"{_column(row, name).verbose_name}：{_said(row, name, state.values[name])}" for name in differing)
    return _("%(moment)s 以前，%(said)s") % {"moment": local_time(state.until), "said": said}


def _said(row: models.Model, name: str, value: Any) -> object:
    known = dict(_column(row, name).flatchoices)
    return known.get(value, value) if value != "" else _("（空）")


def _column(row: models.Model, name: str) -> models.Field[Any, Any]:
    column = row._meta.get_field(name)
    assert isinstance(column, models.Field)
    return column
