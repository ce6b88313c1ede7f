"""A register as a workbook, as far as Excel is not concerned: what stands, what a file says, what differs.

Both sides are told in the file's own words (cells by heading, under a key), so that a file out and in again has no
differences, and every difference can be shown as the old words beside the new. Headings and words of a file stay
Chinese whatever language the reader of the pages has chosen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from django.db import models
from django.utils.translation import gettext as _

from chengyun.core.chained import canonical
from chengyun.core.declarations import Text
from chengyun.people.access import Actor

Cells = Mapping[str, str]
Key = tuple[str, ...]
# Sheet → key → cells.
Standing = Mapping[str, Mapping[Key, Cells]]


@dataclass(frozen=True)
class Heading:
    """A column of a sheet. `choices` become a drop-down; a `told_only` one is for the reader and not compared."""

    title: str
    rule: str = ""
    choices: Sequence[str] | Callable[[], Sequence[str]] = ()
    required: bool = False
    told_only: bool = False
    width: int = 14

    def options(self) -> list[str]:
        return list(self.choices() if callable(self.choices) else self.choices)


@dataclass(frozen=True)
class Sheet:
    title: str
    headings: Sequence[Heading]
    key: Sequence[str]
    # Headings whose cells name a row to people; the key where none are told.
    label: Sequence[str] = ()

    def key_of(self, cells: Cells) -> Key:
        return tuple(cells.get(name, "") for name in self.key)

    def label_of(self, cells: Cells) -> str:
        return " · ".join(cells[name] for name in (self.label or self.key) if cells.get(name))

    @property
    def compared(self) -> list[str]:
        return [heading.title for heading in self.headings if not heading.told_only]


@dataclass(frozen=True)
class Terms:
    """How a file is meant: from which day it holds, and whether it is the whole list (what it lacks is retired)."""

    day: dt.date
    whole: bool = False
    # In which coordinates it is, as the book's `systems` name them; blank leaves it to the file.
    system: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file, and how to mend it. `row` as the spreadsheet program shows it, 0 for a sheet."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass
class Reading:
    """What a file says. `content` is what the module's `write` needs; `covers` says which standing rows a whole file
    speaks of (by sheet and key)."""

    rows: dict[str, dict[Key, Cells]] = field(default_factory=dict)
    places: dict[tuple[str, Key], int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    content: Any = None
    covers: Callable[[str, Key], bool] = lambda sheet, key: True
    # Slow work that is done before the transaction begins (hashing passwords).
    prepare: Callable[[], None] = lambda: None

    def add(self, sheet: Sheet, cells: Cells, row: int) -> None:
        key = sheet.key_of(cells)
        self.rows.setdefault(sheet.title, {})[key] = cells
        self.places[sheet.title, key] = row


@dataclass(frozen=True)
class Written:
    """What was done, by kind; `told_once` are lines like (login, name, password), with their headings first."""

    told_once: Sequence[Sequence[str]] = ()
    advice: Text = ""


class Book(Protocol):
    """A register's Excel round trip. `whole`: never, choice or always — whether a file may retire what it lacks."""

    name: str
    sheets: Sequence[Sheet]
    notes: Sequence[Text]
    whole: str
    # Whether changes begin on a chosen day.
    dated: bool
    tables: Sequence[type[models.Model]]

    def standing(self, terms: Terms) -> Standing: ...

    def read(self, content: bytes, terms: Terms) -> Reading: ...

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written: ...


@runtime_checkable
class OnMap(Protocol):
    """A book whose rows lie on the map: its files may be of other kinds (`accepts`) and in other coordinates, and what
    they would change is drawn before it is written."""

    accepts: str
    files: Text

    def systems(self) -> Sequence[tuple[str, str]]: ...

    def refuse_unreadable(self, content: bytes) -> None: ...

    def drawn(self, reading: Reading, found: Differences) -> str:
        """GeoJSON; each feature has a `state`: new, changed, gone or same."""
        ...


@dataclass(frozen=True)
class Field:
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """`kind`: added, changed or retired."""

    kind: str
    sheet: str
    key: Key
    label: str
    row: int
    fields: Sequence[Field]


@dataclass(frozen=True)
class Differences:
    rows: Sequence[Difference]
    untouched: int
    faults: Sequence[Fault]
    # What stood and what the file said when they were compared.
    seen: str

    def __bool__(self) -> bool:
        return bool(self.rows)

    def of(self, kind: str) -> list[Difference]:
        return [each for each in self.rows if each.kind == kind]

    def keys(self, kind: str, sheet: str) -> list[Key]:
        return [each.key for each in self.rows if each.kind == kind and each.sheet == sheet]

    @property
    def added(self) -> list[Difference]:
        return self.of("added")

    @property
    def changed(self) -> list[Difference]:
        return self.of("changed")

    @property
    def retired(self) -> list[Difference]:
        return self.of("retired")

    @property
    def counts(self) -> dict[str, int]:
        return {**Counter(each.kind for each in self.rows), "untouched": self.untouched}


def compare(book: Book, standing: Standing, reading: Reading, terms: Terms) -> Differences:
    rows: list[Difference] = []
    untouched = 0
    for sheet in book.sheets:
        before, after = standing.get(sheet.title, {}), reading.rows.get(sheet.title, {})
        found = [_difference(sheet, key, before.get(key), cells, reading) for key, cells in after.items()]
        rows += [each for each in found if each]
        untouched += sum(each is None for each in found)
        # A row that could not be read is not a row that is missing.
        if (terms.whole or book.whole == "always") and not reading.faults:
            gone = [key for key in before if key not in after and reading.covers(sheet.title, key)]
            rows += [Difference("retired", sheet.title, key, sheet.label_of(before[key]), 0, ()) for key in gone]
    return Differences(rows, untouched, reading.faults, fingerprint(standing, reading))


def _difference(sheet: Sheet, key: Key, before: Cells | None, after: Cells, reading: Reading) -> Difference | None:
    row = reading.places.get((sheet.title, key), 0)
    if before is None:
        fields = [Field(name, "", after[name]) for name in sheet.compared if after.get(name)]
        return Difference("added", sheet.title, key, sheet.label_of(after), row, fields)
    # A column that the file leaves out says nothing.
    differing = [name for name in sheet.compared if name in after and before.get(name, "") != after[name]]
    if not differing:
        return None
    fields = [Field(name, before.get(name, ""), after[name]) for name in differing]
    return Difference("changed", sheet.title, key, sheet.label_of({**before, **after}), row, fields)


def fingerprint(standing: Standing, reading: Reading) -> str:
    told = [_plain(standing), _plain(reading.rows)]
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def _plain(rows: Standing) -> list[Any]:
    return [
        [sheet, [[list(key), dict(cells)] for key, cells in sorted(of.items())]] for sheet, of in sorted(rows.items())
    ]


def refuse_repeated(sheet: Sheet, cells: Cells, row: int, reading: Reading) -> bool:
    """True, and a fault, where the file has the key already."""
    before = reading.places.get((sheet.title, sheet.key_of(cells)))
    if before is None:
        return False
    message = _("与第 %(row)d 行重复（%(key)s 相同），请删去一行。")
    key = "、".join(sheet.key)
    reading.faults.append(Fault(sheet.title, row, sheet.key[0], message % {"row": before, "key": key}))
    return True
