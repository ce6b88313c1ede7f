"""The list of a register: search, filters, order, pages by key (never by OFFSET, never a count of the table)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from chengyun.core.declarations import Text
from chengyun.people.registers.declaration import Column, Filter, Register, Rows
from chengyun.ui.templatetags.ui_tags import local_time

PAGE = 50
LONGEST_SEARCH = 50


@dataclass(frozen=True)
class Line:
    row: Any
    cells: Sequence[object]
    columns: Sequence[Column]
    href: str
    ended: bool

    @property
    def told(self) -> list[tuple[Column, object]]:
        return list(zip(self.columns, self.cells, strict=True))


@dataclass(frozen=True)
class Head:
    title: Text
    num: bool
    sort_url: str = ""
    # "ascending", "descending" or blank, as aria-sort says it.
    sorted: str = ""


@dataclass(frozen=True)
class Chosen:
    filter: Filter
    options: Sequence[tuple[str, Text]]
    value: str


@dataclass
class List:
    """A page of the list, as its template takes it."""

    heads: Sequence[Head] = ()
    lines: Sequence[Line] = ()
    filters: Sequence[Chosen] = ()
    q: str = ""
    with_past: bool = False
    newer_url: str = ""
    older_url: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or any(each.value for each in self.filters))

    @property
    def past_url(self) -> str:
        return _url(self.asked, closed="" if self.with_past else "1")


def page_of(register: Register, params: Mapping[str, str]) -> List:
    asked = _asked(register, params)
    filters = [_chosen(each, asked) for each in register.filters]
    rows, more, before = _page(register, _found(register, asked), asked, params)
    keys, descending = _order(register, asked)
    return List(
        heads=[_head(column, asked) for column in register.columns],
        lines=[_line(register, row) for row in rows],
        filters=filters,
        q=asked.get("q", ""),
        with_past=asked.get("closed") == "1",
        newer_url=_url(asked, before=_mark(rows[0], keys)) if rows and (params.get("after") or before and more) else "",
        older_url=_url(asked, after=_mark(rows[-1], keys)) if rows and (more or before) else "",
        asked=asked,
    )


def _asked(register: Register, params: Mapping[str, str]) -> dict[str, str]:
    """What the address says and the register knows; the rest is left aside."""
    names = ["q", "closed", "sort", *(each.key for each in register.filters)]
    asked = {name: params.get(name, "").strip()[:LONGEST_SEARCH] for name in names}
    return {name: value.replace("\0", "") for name, value in asked.items() if value}


def _chosen(each: Filter, asked: Mapping[str, str]) -> Chosen:
    options = list(each.choices())
    value = asked.get(each.key, "")
    return Chosen(each, options, value if value in {key for key, _title in options} else "")


def _found(register: Register, asked: Mapping[str, str]) -> Rows:
    rows = register.all_rows()
    if asked.get("closed") != "1":
        rows = register.current_rows(rows)
    if asked.get("q") and register.search:
        rows = rows.filter(reduce(Q.__or__, (Q(**{f"{name}__icontains": asked["q"]}) for name in register.search)))
    for each in register.filters:
        if value := _chosen(each, asked).value:
            rows = rows.filter(**{each.apply: value}) if isinstance(each.apply, str) else each.apply(rows, value)
    return rows


def _order(register: Register, asked: Mapping[str, str]) -> tuple[list[str], bool]:
    """The keys that make the order total, and whether it runs backwards."""
    wished = asked.get("sort", "")
    name, descending = wished.removeprefix("-"), wished.startswith("-")
    if name and any(column.sort == name for column in register.columns):
        return [name, "pk"], descending
    keys = [key.removeprefix("-") for key in register.sort]
    return [*keys, *([] if "pk" in keys else ["pk"])], register.sort[0].startswith("-")


def _page(
    register: Register, rows: Rows, asked: Mapping[str, str], params: Mapping[str, str]
) -> tuple[list[Any], bool, bool]:
    """Rows, whether there are more in the direction one went, and whether one went back."""
    keys, descending = _order(register, asked)
    before = bool(params.get("before"))
    if values := _values(register.model, keys, params.get("before") or params.get("after") or ""):
        rows = rows.filter(_beyond(keys, values, descending != before))
    backwards = descending != before
    found = list(rows.order_by(*(f"-{key}" if backwards else key for key in keys))[: PAGE + 1])
    page = found[:PAGE]
    return (page[::-1] if before else page), len(found) > PAGE, before


def _beyond(keys: Sequence[str], values: Sequence[Any], descending: bool) -> Q:
    """What follows the row of these values. By the first key alone the database finds its place in the index; a choice
    of alternatives by itself would make it gather and sort them all."""
    side = "lt" if descending else "gt"
    found, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        found |= equal & Q(**{f"{key}__{side}": value})
        equal &= Q(**{key: value})
    return Q(**{f"{keys[0]}__{side}e": values[0]}) & found


def _mark(row: Any, keys: Sequence[str]) -> str:
    return json.dumps([_reached(row, key.split("__")) for key in keys], default=str, ensure_ascii=False)


def _values(model: type[models.Model], keys: Sequence[str], mark: str) -> list[Any]:
    """The values of a mark; none where it was not made by `_mark`."""
    try:
        values = json.loads(mark) if mark else []
        if not isinstance(values, list) or len(values) != len(keys):
            return []
        return [_clean(_column(model, key), value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, ValidationError):
        return []


def _clean(column: models.Field[Any, Any], value: Any) -> Any:
    if "\0" in str(value):
        raise ValueError(value)
    clean = column.to_python(value)
    column.run_validators(clean)
    return clean


def _column(model: type[models.Model], key: str) -> models.Field[Any, Any]:
    first, _dot, rest = key.partition("__")
    column = model._meta.pk if first == "pk" else model._meta.get_field(first)
    if rest:
        assert isinstance(column.related_model, type)
        return _column(column.related_model, rest)
    assert isinstance(column, models.Field)
    return column.target_field if isinstance(column, models.ForeignKey) else column


def _reached(row: Any, path: Sequence[str]) -> Any:
    for name in path:
        row = getattr(row, name)
    return row


def _head(column: Column, asked: Mapping[str, str]) -> Head:
    if not column.sort:
        return Head(column.title, column.num)
    state = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(asked.get("sort", ""), "")
    wish = f"-{column.sort}" if state == "ascending" else column.sort
    return Head(column.title, column.num, _url(asked, sort=wish), state)


def _line(register: Register, row: Any) -> Line:
    cells = [cell(row, column.value) for column in register.columns]
    href = register.row_url(row) if register.form else ""
    return Line(row, cells, register.columns, href, bool(getattr(row, "valid_to", None)))


def cell(row: Any, value: Any) -> object:
    """What stands in a column: choices by their label, yes and no in words."""
    if callable(value):
        found = value(row)
    else:
        *path, last = value.split(".")
        row = _reached(row, path)
        shown = getattr(row, f"get_{last}_display", None)
        found = shown() if shown else getattr(row, last)
    if isinstance(found, bool):
        return _("是") if found else _("否")
    if isinstance(found, dt.datetime):
        return local_time(found)
    if isinstance(found, dt.date):
        return found.isoformat()
    return "" if found is None else found


def _url(asked: Mapping[str, str], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in {**asked, **more}.items() if value})
