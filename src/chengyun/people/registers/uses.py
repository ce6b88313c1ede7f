"""Where a row is used: asked before it is retired, answered from the foreign keys themselves.

A floor above says with a `Usage` which of its rows still matter (open cases) and whether they refuse. What nobody
declared is told too: dated rows that are still valid warn; the rest is history that stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from chengyun.core.dated import Dated
from chengyun.core.declarations import Text, collect
from chengyun.core.errors import UserError
from chengyun.people.access import ANONYMOUS, Actor
from chengyun.people.registers.declaration import Rows, Usage, register_of

# A panel's template that shows where a row is used: `Panel(title, USES, lambda row, actor: {"uses": uses_of(…)})`.
USES = "registers/_uses.html"
SHOWN = 5
# Counting stops here: a class may stand in a million cases.
MOST = 1000


@dataclass(frozen=True)
class Use:
    """Rows of one kind that point at the row. `weight`: refuses, warns or history."""

    title: Text
    weight: str
    count: int
    shown: Sequence[tuple[str, str]]

    @property
    def counted(self) -> str:
        return f"{MOST}+" if self.count >= MOST else str(self.count)

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class Uses:
    found: Sequence[Use]

    @property
    def refusing(self) -> list[Use]:
        return [use for use in self.found if use.weight == "refuses"]

    @property
    def warning(self) -> list[Use]:
        return [use for use in self.found if use.weight == "warns"]

    @property
    def history(self) -> list[Use]:
        return [use for use in self.found if use.weight == "history"]


def uses_of(
    row: models.Model, day: dt.date, leave_out: type[models.Model] | None = None, reader: Actor = ANONYMOUS
) -> Uses:
    """What points at the row after `day`, its last. One or two statements per foreign key and declared `Usage`.

    `leave_out`: the model of the register itself, where its rows stand for `row`. `reader`: whom a link to a row of
    a register is for; one who may not open that register is told the name alone.
    """
    relations = [each for each in _relations(row) if each.related_model is not leave_out or each.model is leave_out]
    found = [use for relation in relations if (use := _use(row, relation, day, reader))]
    found += [use for each in collect(Usage) if each.used is type(row) and (use := _told_use(row, each, day, reader))]
    living = sorted((use for use in found if use.weight != "history"), key=lambda use: use.weight)
    past = sum(use.count for use in found if use.weight == "history")
    return Uses([*living, *([Use(_("历史记录"), "history", min(past, MOST), ())] if past else [])])


def refuse_if_used(row: models.Model, day: dt.date, leave_out: type[models.Model] | None = None) -> None:
    refusing = uses_of(row, day, leave_out).refusing
    if refusing:
        told = "、".join(f"{use.title} {use.counted}" for use in refusing)
        raise UserError(_("还在使用，不能停用：%(uses)s。请先处理这些，再来停用。") % {"uses": told}, code="in_use")


def _relations(row: models.Model) -> Iterator[Any]:
    for relation in row._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete
        # The hidden table behind a many-to-many is told through the field itself.
        if points_here and not relation.one_to_one and not _is_hidden_table(relation.related_model):
            yield relation


def _is_hidden_table(model: Any) -> bool:
    return bool(model._meta.auto_created)


def _use(row: models.Model, relation: Any, day: dt.date, reader: Actor) -> Use | None:
    model, column = relation.related_model, relation.field.name
    rows: Rows = model._default_manager.filter(**{column: row})
    usage = next((each for each in collect(Usage) if each.model is model and each.field == column), None)
    return _counted(usage, model, rows, day, reader)


def _told_use(row: models.Model, usage: Usage, day: dt.date, reader: Actor) -> Use | None:
    assert usage.rows is not None
    return _counted(usage, usage.model, usage.rows(row), day, reader)


def _counted(usage: Usage | None, model: type[models.Model], rows: Rows, day: dt.date, reader: Actor) -> Use | None:
    weight, rows = _weighed(usage, model, rows, day)
    first = list(rows.order_by("pk")[:SHOWN])
    if not first:
        return None
    count = len(first) if len(first) < SHOWN else rows.order_by()[:MOST].count()
    title = usage.title if usage else _title(model)
    shown = [(_name(each), _href(each, usage, reader)) for each in first] if weight != "history" else []
    return Use(title, weight, count, shown)


def _weighed(usage: Usage | None, model: type[models.Model], rows: Rows, day: dt.date) -> tuple[str, Rows]:
    weight = "refuses" if usage and usage.refuses else "warns"
    if usage and usage.living:
        return weight, usage.living(rows, day)
    if issubclass(model, Dated):
        return weight, rows.on(day + dt.timedelta(days=1))  # type: ignore[attr-defined]
    return (weight if usage else "history"), rows


def _title(model: type[models.Model]) -> Text:
    register = register_of(model)
    return register.title if register else str(model._meta.verbose_name)


def _name(row: models.Model) -> str:
    return str(row) or str(row.pk)


def _href(row: models.Model, usage: Usage | None, reader: Actor) -> str:
    if usage and usage.href:
        return usage.href(row)
    register = register_of(type(row))
    # A register without a form has no page for each row.
    opens = register is not None and register.form is not None and register.may_read(reader)
    return register.row_url(row) if register and opens else ""
