"""One line of a census, read and checked by itself: what it says, or which column is wrong and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from chengyun.assets import identifiers
from chengyun.assets.models import Accuracy, Origin, State
from chengyun.assets.reading import columns
from chengyun.taxonomy.catalogue import Catalogue
from chengyun.taxonomy.models import Kind, MinorClass

DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", re.ASCII)
# A day that a spreadsheet keeps as a number, from 1927 on.
SERIAL = re.compile(r"[1-9]\d{4}", re.ASCII)
EPOCH = dt.date(1899, 12, 30)
# Words that surveys use for the standard's.
STATES = {str(label): value for value, label in State.choices} | {"废除": "abandoned", "正常": "intact"}
ORIGINS = {str(label): value for value, label in Origin.choices}
INTACT = State.INTACT.value
ACCURACIES = frozenset(Accuracy.values)
LONGEST = {"road": 100, "note": 1000}
PARTY_FIELDS = ("manager", "owner", "maintainer")


class Wrong(Exception):
    """A column whose content cannot be taken, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class Draft:
    """A line that can be taken, as the model's attributes, with what is still to be looked up beside them."""

    row: int
    values: dict[str, Any]
    # manager, owner, maintainer → (code, name); absent where the file names none.
    parties: dict[str, tuple[str, str]]
    given_cell: str


@dataclass
class RowReader:
    """Reads lines of one file. `places` is where each field stands, see `columns.recognised`."""

    places: Mapping[str, int]
    catalogue: Catalogue
    parts: dict[str, MinorClass] = field(init=False)
    former: dict[str, MinorClass] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = current_parts(self.catalogue)
        self.former = former_parts(self.catalogue)

    def read(self, number: int, line: Sequence[str]) -> Draft:
        """Raises Wrong for the first thing that is."""
        cells = {name: line[at] if at < len(line) else "" for name, at in self.places.items()}
        identifier, former, minor = self._identity(cells)
        values = {
            "identifier": identifier,
            "former_identifier": former,
            "minor_id": minor.pk,
            "class_code": minor.code,
            "name": _short("name", cells.get("name", "") or minor.name, 30),
        }
        for name, read in READ.items():
            values[name] = read(name, cells.get(name, ""))
        return Draft(number, values, _parties(cells), cells.get("cell_code", ""))

    def _identity(self, cells: Mapping[str, str]) -> tuple[str, str, MinorClass]:
        text = cells["identifier"]
        parsed = identifiers.parse(text)
        if parsed is None:
            raise Wrong("identifier", _("标识码应为 17 位数字（6 位区划、5 位小类、6 位顺序），现为“%s”") % text[:30])
        minor = self._class(parsed)
        given = cells.get("class_code", "")
        if given and given not in (parsed.class_code, minor.code):
            message = _("小类代码 %(given)s 与标识码中的 %(inside)s 不一致")
            raise Wrong("class_code", message % {"given": given, "inside": parsed.class_code})
        if parsed.is_former or minor.code != parsed.class_code:
            return str(parsed._replace(class_code=minor.code)), text, minor
        return text, "", minor

    def _class(self, parsed: identifiers.Identifier) -> MinorClass:
        """Of the edition in force; a code of 2013 through the mapping."""
        minor = self.former.get(parsed.class_code) if parsed.is_former else self.parts.get(parsed.class_code)
        if minor is None:
            message = _("小类代码 %s 不在部件目录中，也没有对应的新代码")
            raise Wrong("identifier", message % parsed.class_code)
        return minor


def current_parts(catalogue: Catalogue) -> dict[str, MinorClass]:
    """Code → part of the edition in force or of the county's extensions, five digits."""
    found = (minor for minor in catalogue.minors.values() if minor.kind == Kind.PART and len(minor.code) == 5)
    return {minor.code: minor for minor in found if catalogue.current(minor.pk) is minor}


def former_parts(catalogue: Catalogue) -> dict[str, MinorClass]:
    """Code of 2013 → the part that it became."""
    found: dict[str, MinorClass] = {}
    for minor in catalogue.minors.values():
        if minor.kind == Kind.PART and len(minor.code) == 4 and "2013" in minor.standard.code:
            current = catalogue.current(minor.pk)
            if current is not None and current.kind == Kind.PART and len(current.code) == 5:
                found[minor.code] = current
    return found


# --- one reader per field -----------------------------------------------------------------------------------------


def _short(field: str, text: str, most: int) -> str:
    if len(text) > most:
        raise Wrong(field, _("最多 %(most)d 字，现有 %(now)d 字") % {"most": most, "now": len(text)})
    if "\x00" in text:
        raise Wrong(field, _("含有不可见字符"))
    return text


def _words(field: str, text: str) -> str:
    return _short(field, text, LONGEST[field])


def _degrees(field: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Wrong(field, _("坐标应为数字，现为“%s”") % text[:30]) from None


def _state(field: str, text: str) -> str:
    if text and text not in STATES:
        names = "、".join(str(label) for label in State.labels)
        raise Wrong(field, _("状态应为 %(names)s 之一，现为“%(text)s”") % {"names": names, "text": text[:30]})
    return STATES.get(text, INTACT)


def _origin(field: str, text: str) -> str:
    return ORIGINS.get(text, Origin.OTHER) if text else ""


def _accuracy(field: str, text: str) -> str:
    letter = text[:1].upper()
    if letter and letter not in ACCURACIES:
        raise Wrong(field, _("精度等级应为 A、B 或 C，现为“%s”") % text[:30])
    return letter


def _required_day(field: str, text: str) -> dt.date:
    if not text:
        raise Wrong(field, _("请填写日期，如 20200101"))
    day = _day(text)
    if day is None:
        raise Wrong(field, _("日期应为 20200101 或 2020-01-01，现为“%s”") % text[:30])
    return day


def _optional_day(field: str, text: str) -> dt.date | None:
    return _required_day(field, text) if text else None


@lru_cache(maxsize=20_000)
def _day(text: str) -> dt.date | None:
    if SERIAL.fullmatch(text):
        return EPOCH + dt.timedelta(days=int(text))
    found = DAY.fullmatch(text.split()[0])
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _parties(cells: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for party in PARTY_FIELDS:
        code, name = cells.get(f"{party}_code", ""), cells.get(f"{party}_name", "")
        if name:
            found[party] = (_short(f"{party}_code", code, 18), _short(f"{party}_name", name, 100))
        elif code or party == "manager":
            raise Wrong(f"{party}_name", _("请填写%s") % columns.title(f"{party}_name"))
    return found


READ: dict[str, Callable[[str, str], Any]] = {
    "state": _state,
    "lon": _degrees,
    "lat": _degrees,
    "accuracy": _accuracy,
    "road": _words,
    "initial_date": _required_day,
    "changed_date": _optional_day,
    "source": _origin,
    "note": _words,
}
