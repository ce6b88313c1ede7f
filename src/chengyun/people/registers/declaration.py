"""What a register says about itself. Put a `Register` into a module's `DECLARATIONS`, and it has its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import QuerySet
from django.forms import BaseForm
from django.urls import reverse

from chengyun.core import instants
from chengyun.core.dated import Dated
from chengyun.core.declarations import Text, collect
from chengyun.core.errors import NotFound
from chengyun.people.access import Actor

if TYPE_CHECKING:
    from chengyun.people.registers.book import Book

Rows = QuerySet[Any]
Choices = Iterable[tuple[str, Text]]


@dataclass(frozen=True)
class Column:
    """`value`: an attribute path ("department.short_name"), or a function of the row.

    `sort`: a lookup that is never null, where the list may be ordered by the column. Where a register grows long it is
    a column of the table itself with an index ("minor_id"), else every page sorts the whole table.
    """

    title: Text
    value: str | Callable[[Any], object]
    sort: str = ""
    num: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice over the list. `apply`: a lookup, or a function (rows, value) -> rows."""

    key: str
    title: Text
    choices: Callable[[], Choices]
    apply: str | Callable[[Rows, str], Rows]


@dataclass(frozen=True)
class Once:
    """What is told once and stored nowhere: a password, the secret of a token."""

    title: Text
    facts: Sequence[tuple[Text, str]]
    advice: Text
    links: Sequence[tuple[Text, str]] = ()


@dataclass(frozen=True)
class Action:
    """A deed of its own on one row (a button; with `form`, a panel with fields).

    `do(row, by=actor, **cleaned)` gives a sentence, a `Once`, or None. `rule` says beforehand what it does.
    `offered(row, actor)`: whether the button stands there for this person, where the service asks for more than the
    roles. A hidden action has no button: a panel's template posts to it.
    """

    key: str
    title: Text
    do: Callable[..., object]
    roles: frozenset[str]
    shown: Callable[[Any], bool] = lambda row: True
    offered: Callable[[Any, Actor], bool] = lambda row, actor: True
    form: Callable[..., BaseForm] | None = None
    rule: Text = ""
    danger: bool = False
    hidden: bool = False
    # Whether it may be done on many rows at once.
    for_many: bool = False


@dataclass(frozen=True)
class Panel:
    """A section of the row's page. `template` gets `row`, and what `context` gives as `panel`."""

    title: Text
    template: str
    context: Callable[[Any, Actor], Mapping[str, Any]] = lambda row, actor: {}


@dataclass(frozen=True)
class Register:
    """A table of the county, as its pages need to know it.

    `form(data, row)` builds the form of a new (row None) or known row. `create(by=, **cleaned)` and
    `change(row, by=, **cleaned)` are the module's services; they answer with the row (`create` with (row, Once) where
    something is told once), and raise UserError with the field. `change` takes part of the fields too: that is bulk
    edit; `change_many(rows, by=, **cleaned)` does it where many rows change as one. `retire(row, by=, last_day=)` ends
    a dated row; nothing is ever deleted. Where one of them is None, the pages do not offer it. With `retire_now` a row
    ends at once and no day is asked. `is_over(row)`: nothing of it can be changed any more. `same_thing(row)`: all
    versions of a versioned row, told as one history. `stands_for(row)`: the row that others
    point at, where it is another (the class behind a row of the catalogue). `book` is the Excel round trip; several
    registers may share one.
    """

    key: str
    title: Text
    group: Text
    model: type[models.Model]
    columns: Sequence[Column]
    readers: frozenset[str]
    changers: frozenset[str] = frozenset()
    # Which of them may today, where that depends on who else is there.
    changers_now: Callable[[], frozenset[str]] | None = None
    order: int = 100
    icon: str = "table"
    help: Text = ""
    # The button and heading of a new row, where «新增» and the title say it badly.
    new_title: Text = ""
    rows: Callable[[], Rows] | None = None
    sort: Sequence[str] = ("pk",)
    search: Sequence[str] = ()
    search_hint: Text = ""
    filters: Sequence[Filter] = ()
    current: Callable[[Rows], Rows] | None = None
    form: Callable[..., BaseForm] | None = None
    create: Callable[..., Any] | None = None
    change: Callable[..., Any] | None = None
    change_many: Callable[..., Any] | None = None
    retire: Callable[..., Any] | None = None
    retire_now: bool = False
    retire_title: Text = ""
    retire_rule: Text = ""
    # Who retires, where it is not those who change; `may_retire` asks more of the person than the role.
    retirers: frozenset[str] | None = None
    may_retire_row: Callable[[Any, Actor], bool] = lambda row, actor: True
    is_over: Callable[[Any], bool] = lambda row: _ended(row)
    may_edit: Callable[[Any], bool] = lambda row: True
    bulk_fields: Sequence[str] = ()
    actions: Sequence[Action] = ()
    panels: Sequence[Panel] = ()
    same_thing: Callable[[Any], Sequence[models.Model]] = lambda row: [row]
    stands_for: Callable[[Any], models.Model] = lambda row: row
    titles: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Mapping[Any, Text]] = field(default_factory=dict)
    links: Sequence[tuple[Text, Text]] = ()
    # Above the list: (template, its context).
    top: tuple[str, Callable[[], Mapping[str, Any]]] | None = None
    book: Book | None = None

    def all_rows(self) -> Rows:
        return self.rows() if self.rows else self.model._default_manager.all()

    def current_rows(self, rows: Rows) -> Rows:
        """Without what has ended."""
        if self.current:
            return self.current(rows)
        return rows.on(instants.today()) if issubclass(self.model, Dated) else rows  # type: ignore[attr-defined]

    @property
    def has_past(self) -> bool:
        return self.current is not None or issubclass(self.model, Dated)

    def may_read(self, actor: Actor) -> bool:
        return actor.for_county(*self.readers, *self.changers)

    def may_change(self, actor: Actor) -> bool:
        return actor.for_county(*self.changing)

    def may_retire(self, actor: Actor) -> bool:
        return self.retire is not None and actor.for_county(*self.retiring)

    @property
    def retiring(self) -> frozenset[str]:
        return self.changing if self.retirers is None else self.retirers

    @property
    def may_many(self) -> bool:
        """Whether anything may be done on many rows at once."""
        return bool(self.bulk_fields or any(each.for_many for each in self.actions))

    @property
    def changing(self) -> frozenset[str]:
        return self.changers_now() if self.changers_now else self.changers

    @property
    def url(self) -> str:
        return reverse("registers:list", args=[self.key])

    def row_url(self, row: models.Model) -> str:
        return reverse("registers:row", args=[self.key, row.pk])


@dataclass(frozen=True)
class Usage:
    """How rows of `model` use others through their foreign key `field`, as where-used tells it.

    `living`: those for which it still matters (open cases); without it, dated rows that are valid that day, or all.
    Where no foreign key says it (a code, a day), `used` is the model that is used and `rows(row)` gives those that do.
    `refuses`: the used row cannot be retired while there are any. `href(used, using)`: where to look at one.
    """

    model: type[models.Model]
    field: str
    title: Text
    living: Callable[[Rows, dt.date], Rows] | None = None
    refuses: bool = False
    href: Callable[[models.Model], str] | None = None
    used: type[models.Model] | None = None
    rows: Callable[[Any], Rows] | None = None


@dataclass(frozen=True)
class Page:
    """A page of the back office that is no table (a form, an upload); it stands in the menu beside the registers."""

    key: str
    title: Text
    group: Text
    url_name: str
    readers: frozenset[str]
    order: int = 100
    icon: str = "table"

    def may_read(self, actor: Actor) -> bool:
        return actor.for_county(*self.readers)

    @property
    def url(self) -> str:
        return reverse(self.url_name)


def _ended(row: models.Model) -> bool:
    valid_to = getattr(row, "valid_to", None)
    return isinstance(valid_to, dt.date) and valid_to < instants.today()


def registers() -> dict[str, Register]:
    return {each.key: each for each in collect(Register)}


def register_named(key: str) -> Register:
    found = registers().get(key)
    if found is None:
        raise NotFound("没有这本台账，请从菜单“台账”进入。")
    return found


def register_of(model: type[models.Model]) -> Register | None:
    return next((each for each in registers().values() if each.model is model), None)


def open_to(actor: Actor) -> list[Register | Page]:
    """What this person may read, in the order of the menu."""
    found: list[Register | Page] = [*collect(Register), *collect(Page)]
    return sorted((each for each in found if each.may_read(actor)), key=lambda each: each.order)
