"""Questions of the ORM put into SQL once and asked again with other values.

Putting a question together costs Django several times what the database takes to answer it. What is asked with every
request is therefore written as an `Asked`: a queryset like any other, put together when a connection first asks it.

    OPEN = Asked(lambda case_id: CaseParty.objects.filter(case_id=case_id, until=None), int)
    parties = OPEN.rows(case.pk)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)

# What stands in the statement where a value belongs; nothing that anybody asks for.
_MARKS: dict[type, Callable[[int], int | str]] = {
    int: lambda number: 7_316_400_002_501_000_000 + number,
    str: lambda number: f"\ufdd0{number}\ufdd0",
}
# So many questions are kept by each connection; those that depend on who asks may be many.
MOST = 100


class Asked(Generic[Row]):
    """`make` takes one value for each of `kinds` (int: ids, str) and answers a queryset of models.

    All else that it holds stays as it was when it was put together: neither days nor settings belong into it. A value
    is compared as it is given, so `in` and `contains` are not for it.
    """

    def __init__(self, make: Callable[..., models.QuerySet[Row]], *kinds: type) -> None:
        self._make = make
        self._kinds = kinds

    def rows(self, *values: int | str) -> list[Row]:
        own: Any = connections["default"]
        # With the connection they also end: converters are its own.
        kept: dict[Asked[Any], _Written[Any]] = own.__dict__.setdefault("chengyun_asked", {})
        written = kept.get(self)
        if written is None:
            while len(kept) >= MOST:
                kept.pop(next(iter(kept)))
            written = kept[self] = _written(self._make, self._kinds, own)
        return written.rows(values, own) if written.sql else []

    def first(self, *values: int | str) -> Row | None:
        """The first in the question's own order. Where there may be many, let the question end with `[:1]`."""
        return next(iter(self.rows(*values)), None)


@dataclass
class _Written(Generic[Row]):
    sql: str
    params: list[Any]
    places: list[tuple[int, type, int]]  # where among the parameters, as what, the number of the value
    model: type[Row]
    fields: slice
    names: list[str]
    populators: Sequence[Any]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]

    def rows(self, values: Sequence[int | str], own: Any) -> list[Row]:
        params = self.params.copy()
        for at, kind, number in self.places:
            params[at] = kind(values[number])
        with own.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        return [self._row(list(each), own) for each in found]

    def _row(self, columns: list[Any], own: Any) -> Row:
        for at, convert, expression in self.converters:
            for each in convert:
                columns[at] = each(columns[at], expression, own)
        row = self.model.from_db(own.alias, self.names, columns[self.fields])
        for populator in self.populators:
            populator.populate(columns, row)
        return row


def _written(make: Callable[..., models.QuerySet[Row]], kinds: Sequence[type], own: Any) -> _Written[Row]:
    marks = [_MARKS[kind](number) for number, kind in enumerate(kinds)]
    queryset = make(*marks)
    compiler: Any = queryset.query.get_compiler(connection=own)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return _Written("", [], [], queryset.model, slice(0), [], [], [])
    places = [(at, type(each), marks.index(each)) for at, each in enumerate(params) if each in marks]
    if {number for _at, _kind, number in places} != set(range(len(marks))):
        raise ValueError(f"a value does not stand in the statement as it was given: {sql}")
    info, select = compiler.klass_info, compiler.select
    fields = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    converters = compiler.get_converters([each[0] for each in select])
    return _Written(
        sql=sql,
        params=list(params),
        places=places,
        model=info["model"],
        fields=fields,
        names=[each[0].target.attname for each in select[fields]],
        populators=get_related_populators(info, select, own.alias),  # type: ignore[call-arg]  # stubs of Django 6
        converters=[(at, convert, expression) for at, (convert, expression) in converters.items()],
    )
