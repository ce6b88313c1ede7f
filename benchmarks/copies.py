"""A million cases in minutes: the rows of lives that the batch writer wrote, copied by the database itself.

Copies stand between their originals in number and in time, and each round of copies in a quarter of its own beside
theirs, so that lists, queues, searches and maps meet what they would meet in a county that has grown so far: 200 rounds
cover some 90 square kilometres. They are for reading: their chains carry new names over the old hashes, which
`chengyun audit verify` would refuse, and they were announced by no event. Asked inside an installation; its server
must not run.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, Model

from chengyun.casework.cases import search
from chengyun.casework.cases.models import Case, CaseParty, Picture, Report, Step
from chengyun.casework.clocks.models import Clock
from chengyun.core import events, handlers
from chengyun.core.models import Counter, SealMark

MODELS: tuple[type[Model], ...] = (Case, Report, Step, Clock, CaseParty, Picture)
# Numbers of one day stay apart: an original's is below this (a chunk of lives is counted in one day).
NUMBERS_A_COPY = 1000
YEAR_SECONDS = 364 * 86400
# Quarters in a row from west to east, and how far apart they lie in degrees.
QUARTERS, EAST, NORTH = 20, 0.008, 0.006


def multiply(copies: int) -> dict[str, float]:
    """`copies` of every case that there is, beside it; answers what it took."""
    started, cpu = time.perf_counter(), time.process_time()
    shift = YEAR_SECONDS / (Case.objects.count() * (copies + 1))
    work = list(statements(copies, shift))
    _settle_the_past(copies)
    run = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    run(work, copies)
    last = Step.objects.order_by("-pk").values_list("pk", flat=True)[0]
    SealMark.objects.update_or_create(model=Step._meta.label, defaults={"row_id": last})
    spent = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    return spent | {"cases": Case.objects.count(), "steps": Step.objects.count()}


def _settle_the_past(copies: int) -> None:
    """The worker has told everybody of these lives, and no later number meets a copy's."""
    for name in handlers.names():
        handlers.begin_now(name)
    events.settle()
    for counter in Counter.objects.filter(series__startswith="case:"):
        counter.value += (copies + 1) * NUMBERS_A_COPY
        counter.save()


# --- the statements -------------------------------------------------------------------------------------------------


def statements(copies: int, shift: float) -> Iterator[str]:
    """One INSERT … SELECT a table; `k` runs from 1 to `copies` beside each row."""
    last = {model: model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in MODELS}

    def renumbered(model: type[Model], column: str) -> str:
        return f"{last[model]} + ({column} - 1) * {copies} + k"

    for model in MODELS:
        columns = [str(field.column) for field in model._meta.concrete_fields]
        values = [_value(model, field, renumbered, shift) for field in model._meta.concrete_fields]
        quoted = ", ".join(f'"{column}"' for column in columns)
        yield (
            f"INSERT INTO {model._meta.db_table} ({quoted}) SELECT {', '.join(values)}"
            f" FROM {model._meta.db_table} AS t CROSS JOIN copies WHERE t.id <= {last[model]} ORDER BY t.id, k"
        )
    yield _search_rows(renumbered(Case, "c.id"), last[Case])


def _value(model: type[Model], field: Field[Any, Any], renumbered: Any, shift: float) -> str:
    column = f't."{field.column}"'
    if field.primary_key:
        return str(renumbered(model, column))
    if field.related_model in MODELS:
        return str(renumbered(field.related_model, column))
    if isinstance(field, DateTimeField):
        return _later(column, shift)
    if field.name in ("lon", "lat"):
        return f"{column} + {f'k % {QUARTERS} * {EAST}' if field.name == 'lon' else f'k / {QUARTERS} * {NORTH}'}"
    return {
        (Case, "number"): _number(column),
        (Step, "chain"): f"'case:' || {_number(f'substr({column}, 6)')}",
        (Report, "source_id"): f"{column} || '-' || k",
    }.get((model, field.name), column)  # type: ignore[call-overload,no-any-return]


def _number(column: str) -> str:
    """Twelve digits of place and day, then the count of the day."""
    count = f"CAST(substr({column}, 13) AS integer) + k * {NUMBERS_A_COPY}"
    if connection.vendor == "postgresql":
        # lpad cuts what is longer.
        return f"(substr({column}, 1, 12) || lpad(({count})::text, greatest(5, length(({count})::text)), '0'))"
    return f"(substr({column}, 1, 12) || printf('%05d', {count}))"


def _later(column: str, shift: float) -> str:
    if connection.vendor == "postgresql":
        return f"{column} + k * interval '{shift:.3f} seconds'"
    return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '+' || (k * {shift:.3f}) || ' seconds')"


def _search_rows(key: str, last: int) -> str:
    table = search.TABLE
    if connection.vendor == "postgresql":
        own = f"replace(s.terms::text, c.number, {_number('c.number')})::tsvector"
        return (
            f"INSERT INTO {table} (case_id, terms) SELECT {key}, {own}"
            f" FROM {table} AS s JOIN cases_case AS c ON c.id = s.case_id CROSS JOIN copies"
            f" WHERE c.id <= {last} ORDER BY c.id, k"
        )
    return (
        f"INSERT INTO {table} (rowid, terms) SELECT {key}, replace(s.terms, c.number, {_number('c.number')})"
        f" FROM cases_case AS c CROSS JOIN {table} AS s ON s.rowid = c.id CROSS JOIN copies"
        f" WHERE c.id <= {last} ORDER BY c.id, k"
    )


# --- running them: without indexes and foreign keys, which are made again afterwards ------------------------------


def _tables() -> list[str]:
    return [model._meta.db_table for model in MODELS]


def _on_sqlite(work: list[str], copies: int) -> None:
    file = connection.settings_dict["NAME"]
    connection.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"):
            base.execute(f"PRAGMA {pragma}")
        marks = ", ".join("?" for _ in MODELS)
        indexes = base.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > '' AND tbl_name IN ({marks})",
            _tables(),
        ).fetchall()
        base.execute("CREATE TEMP TABLE copies (k integer PRIMARY KEY)")
        base.executemany("INSERT INTO copies VALUES (?)", [(k,) for k in range(1, copies + 1)])
        for name, _sql in indexes:
            base.execute(f'DROP INDEX "{name}"')
        for line in (*work, *(sql for _name, sql in indexes)):
            _timed(base.execute, line)
        base.execute("PRAGMA journal_mode=WAL")


def _on_postgres(work: list[str], copies: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no look-ups of foreign keys
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(f"CREATE TEMP TABLE copies AS SELECT generate_series(1, {copies}) AS k")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint)",
            [[*_tables(), search.TABLE]],
        )
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for line in (*work, *(sql for _name, sql in indexes)):
            _timed(cursor.execute, line)
        for table in _tables():
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("VACUUM ANALYZE")


def _timed(execute: Callable[[str], Any], line: str) -> None:
    started = time.perf_counter()
    execute(line)
    print(f"{time.perf_counter() - started:6.1f} s  {line[:90]}", file=sys.stderr, flush=True)
