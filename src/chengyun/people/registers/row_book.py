"""A register's workbook out of what it declares: a row a line, a cell a field, the same services as the pages.

For a register whose rows stand alone. One whose lines make rows of several tables, or a new version of the whole,
writes its own `Book`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.people.access import Actor
from chengyun.people.registers.book import (
    Cells,
    Differences,
    Fault,
    Key,
    Reading,
    Sheet,
    Standing,
    Terms,
    Written,
    refuse_repeated,
)
from chengyun.people.registers.cells import AS_IT_WAS, Cell, Read
from chengyun.people.registers.uses import refuse_if_used
from chengyun.people.registers.workbook import Row, tables

Values = dict[str, Any]


@dataclass(eq=False)
class RowBook:
    """`key`: the titles of the cells by which a row is known. `rows(day)`: those that the file speaks of.

    `create(by=, **values)`, `change(row, by=, **values)` and `retire(row, by=, last_day=)` as the register has them;
    where `create` or `retire` is None, a file does not do it. `check(values, row)` says what is wrong with a line
    before anything is written; what only the services know is told, with its line, when it is.
    """

    name: str
    cells: Sequence[Cell]
    key: Sequence[str]
    rows: Callable[[dt.date], Iterable[Any]]
    change: Callable[..., Any]
    tables: Sequence[type[models.Model]]
    create: Callable[..., Any] | None = None
    retire: Callable[..., Any] | None = None
    check: Callable[[Values, Any], None] = lambda values, row: None
    notes: Sequence[Text] = ()
    label: Sequence[str] = ()
    dated: bool = False

    def __post_init__(self) -> None:
        headings = [cell.heading for cell in self.cells]
        self.sheets: Sequence[Sheet] = (Sheet(self.name, headings, self.key, self.label),)
        self.whole = "choice" if self.retire else "never"

    def standing(self, terms: Terms) -> Standing:
        return {self.name: {key: self._told(row) for key, row in self._known(terms.day).items()}}

    def read(self, content: bytes, terms: Terms) -> Reading:
        reading = Reading(content={})
        known, readers = self._known(terms.day), {cell.title: cell.kind.reader() for cell in self.cells if cell.field}
        for row in tables(self, content, reading.faults).get(self.name, []):
            if missing := [title for title in self.key if title not in row.cells]:
                reading.faults.append(Fault(self.name, 1, "、".join(missing), _("缺少这些列，请用导出的文件填写。")))
                break
            values = self._values(row, readers, reading)
            if values is not None:
                # What a new row's line leaves out is blank; a known row keeps it.
                blank = {cell.field: readers[cell.title] for cell in self.cells if cell.field not in ("", *values)}
                self._take(row, values, blank, known, reading)
        return reading

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written:
        known = self._known(terms.day)
        since = {"valid_from": terms.day} if self.dated else {}
        for each in found.retired:
            self._retire(known[each.key], terms.day, by)
        for each in found.changed:
            fields = {cell.field: reading.content[each.key][cell.field] for cell in self._fields(each.fields)}
            _at_line(each.row, self.change, known[each.key], by=by, **fields, **since)
        for each in found.added:
            assert self.create is not None
            _at_line(each.row, self.create, by=by, **reading.content[each.key], **since)
        return Written()

    def _known(self, day: dt.date) -> dict[Key, Any]:
        found: dict[Key, Any] = {}
        for row in self.rows(day):
            key = self.sheets[0].key_of(self._told(row))
            if key in found:
                message = _("有两行的%(key)s都是“%(value)s”，Excel 分不清；请先在页面上改其中一行。")
                raise UserError(message % {"key": "、".join(self.key), "value": " · ".join(filter(None, key))})
            found[key] = row
        return found

    def _told(self, row: Any) -> Cells:
        return {cell.title: cell.kind.said(cell.value(row)) for cell in self.cells}

    def _fields(self, differing: Iterable[Any]) -> list[Cell]:
        titles = {each.title for each in differing}
        return [cell for cell in self.cells if cell.field and cell.title in titles]

    def _values(self, row: Row, readers: Mapping[str, Read], reading: Reading) -> Values | None:
        """By field; None, and faults, where a cell cannot be understood."""
        values: Values = {}
        faults = []
        for cell in self.cells:
            if not cell.field or cell.title not in row.cells:
                continue
            try:
                values[cell.field] = _read(cell, row[cell.title], readers[cell.title])
            except UserError as error:
                faults.append(Fault(self.name, row.number, cell.title, str(error)))
        reading.faults += faults
        return None if faults else values

    def _take(
        self, row: Row, values: Values, blank: Mapping[str, Read], known: Mapping[Key, Any], reading: Reading
    ) -> None:
        said = {cell.field: cell for cell in self.cells if cell.field}
        cells = {said[name].title: said[name].kind.said(value) for name, value in values.items() if value != AS_IT_WAS}
        key = self.sheets[0].key_of(cells)
        try:
            if key not in known:
                if self.create is None:
                    raise UserError(_("台账里没有这一行；新的行请在页面上建立。"), field=self.key[0])
                values |= {name: read("") for name, read in blank.items()}
            self.check(values, known.get(key))
        except UserError as error:
            reading.faults.append(Fault(self.name, row.number, self._column(error.field), str(error)))
            return
        if not refuse_repeated(self.sheets[0], cells, row.number, reading):
            reading.add(self.sheets[0], cells, row.number)
            reading.content[key] = {name: value for name, value in values.items() if value != AS_IT_WAS}

    def _column(self, field: str) -> str:
        return next((cell.title for cell in self.cells if cell.field == field), field)

    def _retire(self, row: Any, day: dt.date, by: Actor) -> None:
        assert self.retire is not None
        last_day = day - dt.timedelta(days=1) if self.dated else instants.today()
        try:
            refuse_if_used(row, last_day)
            self.retire(row, by=by, last_day=last_day)
        except UserError as error:
            raise UserError(f"{row}：{error}", field="file") from error


def _read(cell: Cell, text: str, read: Read) -> Any:
    if cell.heading.required and not text:
        raise UserError(_("请填写“%(title)s”。") % {"title": cell.title})
    return read(text)


def _at_line(number: int, do: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    try:
        do(*args, **kwargs)
    except UserError as error:
        message = _("第 %(row)d 行：%(fault)s") % {"row": number, "fault": error}
        raise UserError(message, field="file") from error
