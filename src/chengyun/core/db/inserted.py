"""Rows written by statements that were put together once.

What a report or a step writes is the same half dozen of INSERTs each time; putting them together costs Django more
than the database takes to do them. Values are prepared by the model's own fields; keys come back as from `save`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, models

Field = models.Field[Any, Any]


# So many rows go into one statement; a step writes one or two of each kind.
MOST = 8


def insert(rows: Sequence[models.Model], *, replacing: tuple[str, ...] = ()) -> None:
    """New rows of one model; fills in their keys, and what the model leaves to the database.

    `replacing` names columns that are unique together: a row that agrees in them is overwritten, but for its key.
    """
    own: Any = connections["default"]
    kept: dict[Any, _Insert] = own.__dict__.setdefault("chengyun_inserts", {})
    for first in range(0, len(rows), MOST):
        part = rows[first : first + MOST]
        wanted = type(part[0]), len(part), replacing
        if wanted not in kept:
            kept[wanted] = _insert(*wanted, own.ops.quote_name)
        kept[wanted].execute(part, own)


@dataclass
class _Insert:
    sql: str
    fields: Sequence[Field]
    returned: Sequence[str]

    def execute(self, rows: Sequence[models.Model], own: Any) -> None:
        params = [field.get_db_prep_save(field.pre_save(row, True), own) for row in rows for field in self.fields]
        with own.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall() if self.returned else [()] * len(rows)
        for row, values in zip(rows, found, strict=True):
            for name, value in zip(self.returned, values, strict=True):
                setattr(row, name, value)
            row._state.adding, row._state.db = False, own.alias


def _insert(model: type[models.Model], count: int, replacing: tuple[str, ...], quoted: Any) -> _Insert:
    returned: list[Field] = list(model._meta.db_returning_fields)
    fields: list[Field] = [each for each in model._meta.concrete_fields if each not in returned]
    columns = ", ".join(quoted(each.column) for each in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    sql = f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * count)}"
    if replacing:
        changing = [quoted(each.column) for each in fields if each.column not in replacing]
        changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in changing)
        sql += f" ON CONFLICT ({', '.join(map(quoted, replacing))}) DO UPDATE SET {changes}"
    if returned:
        sql += f" RETURNING {', '.join(quoted(each.column) for each in returned)}"
    return _Insert(sql, fields, [each.attname for each in returned])
