"""How the values of a register stand in a cell: said as text, read back, what is wrong told with its mending."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.people.registers.book import Heading

Read = Callable[[str], Any]
SEPARATORS = str.maketrans(dict.fromkeys(",，；;", "、"))


class _AsItWas:
    """What a reader gives where the cell says nothing that could be taken over: the row keeps its value."""


AS_IT_WAS = _AsItWas()


@dataclass(frozen=True)
class Kind:
    """`reader()` is made once for a file, so that what its cells are looked up in is read once."""

    said: Callable[[Any], str]
    reader: Callable[[], Read]


def plain(said: Callable[[Any], str], read: Read) -> Kind:
    return Kind(said, lambda: read)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(_("日期请写成 2026-01-31 的样式。")) from None


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=instants.SHANGHAI)
    except ValueError:
        raise UserError(_("时间请写成 2026-01-31 08:00 的样式。")) from None


def _time(text: str) -> dt.time | None:
    try:
        return dt.time.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(_("时刻请写成 08:00 的样式。")) from None


def _weekdays(text: str) -> str:
    if set(text) - set("1234567"):
        raise UserError(_("星期请用1至7的数字填写，如“12345”。"))
    return "".join(sorted(set(text)))


def _yes(text: str) -> bool:
    if text not in ("是", "", "否"):
        raise UserError(_("请填“是”，或留空。"))
    return text == "是"


TEXT = plain(lambda value: str(value or ""), str)
DAY = plain(lambda value: value.isoformat() if value else "", _day)
MOMENT = plain(lambda value: f"{value.astimezone(instants.SHANGHAI):%Y-%m-%d %H:%M}" if value else "", _moment)
TIME = plain(lambda value: f"{value:%H:%M}" if value else "", _time)
WEEKDAYS = plain(str, _weekdays)
YES = plain(lambda value: "是" if value else "", _yes)


@dataclass(frozen=True)
class Cell:
    """A column of a sheet. `value(row)` is what the services call `field`; without one it is for the reader only."""

    heading: Heading
    value: Callable[[Any], Any]
    field: str = ""
    kind: Kind = TEXT

    @property
    def title(self) -> str:
        return self.heading.title


def several(one: Kind) -> Kind:
    """A list of values, with 、 between them; their order does not count."""

    def reader() -> Read:
        read = one.reader()
        return lambda text: [read(each) for each in _parts(text)]

    return Kind(lambda values: "、".join(sorted(map(one.said, values))), reader)


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.translate(SEPARATORS).split("、") if part.strip()))


def one_of(choices: Iterable[tuple[str, Text]]) -> Kind:
    """A value among choices, written by its title."""
    titles = {str(value): str(title) for value, title in choices}
    values = {title: value for value, title in titles.items()}

    def read(text: str) -> str:
        if text not in values:
            raise UserError(_("没有“%(text)s”，请填：%(known)s。") % {"text": text, "known": "、".join(values)})
        return values[text]

    return plain(lambda value: titles.get(str(value), str(value)), read)


def named(what: Text, rows: Callable[[], Iterable[Any]], names: Callable[[Any], Sequence[str]]) -> Kind:
    """A row of another register. It is written by the first of its names; any of them is understood, where it is its
    alone. A blank cell is None."""

    def reader() -> Read:
        known: defaultdict[str, list[Any]] = defaultdict(list)
        for row in rows():
            for name in dict.fromkeys(names(row)):
                known[name].append(row)
        return lambda text: _found(text, known, what) if text else None

    return Kind(lambda row: names(row)[0] if row is not None else "", reader)


def _found(text: str, known: Mapping[str, Sequence[Any]], what: Text) -> Any:
    found = known.get(text, ())
    if len(found) == 1:
        return found[0]
    words = _("有多个%(what)s叫“%(text)s”，请改填代码。") if found else _("没有%(what)s“%(text)s”，请核对。")
    raise UserError(words % {"what": what, "text": text})
