"""What a list says of itself so that it can be exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chengyun.core.declarations import Text, collect
from chengyun.core.errors import NotFound

Cell = None | bool | int | float | Decimal | str | Promise | dt.date | dt.datetime


@dataclass(frozen=True)
class Column:
    """One column: its title, what stands in it for a row, and its width in Latin characters (a Chinese one takes two).

    Personal data come masked out of `value`, as on the page. Instants are written as the county's civil time.
    """

    title: Text
    value: Callable[[Any], Cell]
    width: int = 14


@dataclass(frozen=True)
class Export:
    """A list that can be exported.

    rows      (actor, query parameters of the page) → queryset, with the page's own filters, order and `visible_to`;
              raises NotAllowed for whom the page refuses
    prepared  rows come in batches of 500; this makes of a batch what the columns read (the page's own row objects)
    private   parameters whose values are not written into the audit record, because people type names into them
    """

    key: str
    title: Text
    columns: Sequence[Column]
    rows: Callable[[Any, Mapping[str, str]], QuerySet[Any]]
    roles: frozenset[str] = frozenset()  # empty: everybody who is logged in
    prepared: Callable[[list[Any]], Iterable[Any]] = list
    private: tuple[str, ...] = ("q",)


def export_named(key: str) -> Export:
    found = next((each for each in collect(Export) if each.key == key), None)
    if found is None:
        raise NotFound(_("没有名为“%s”的清单可以导出") % key)
    return found
