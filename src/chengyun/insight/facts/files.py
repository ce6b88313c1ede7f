"""The files of one manifest as a database: DuckDB in this process, shared by all sessions over them.

What is asked of the files alone does not change while the manifest stands, so it is remembered. Of the cases that had
not ended when the files were written the rows stand in memory, table by table, once somebody asks for them
(`facts.halves`).
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping
from typing import Any, Final

import duckdb

from chengyun.insight.facts import arrow, schema, store

# What a query may take of the machine; the web server's other threads go on beside it.
MEMORY: Final = "1GB"
THREADS: Final = 2
# Answers remembered at once, each some lines.
MOST_REMEMBERED: Final = 200

Rows = list[tuple[Any, ...]]


class Files:
    """Tables `file_cases` … with the `filename` of each row; `open_cases` … where they were asked for."""

    def __init__(self, known: store.Manifest | None) -> None:
        self.known = known
        self.lock = threading.RLock()
        self.numbers = itertools.count(1)
        self.states: list[tuple[weakref.ref[Any], str]] = []
        self.opened: set[str] = set()
        self.remembered: OrderedDict[Hashable, Rows] = OrderedDict()
        # Cases that were looked for among those that have ended: the file of each, or None.
        self.ended_in: dict[int, str | None] = {}
        self.database = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY,
                "threads": THREADS,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        for table in schema.TABLES:
            self._lay_out(table)

    def _lay_out(self, table: str) -> None:
        if self.known and self.known.months:
            names = ", ".join(quoted(path(name)) for name in self.known.files(table))
            self.database.execute(f"CREATE VIEW file_{table} AS SELECT *, filename FROM read_parquet([{names}])")
        else:
            self.load(f"file_{table}", arrow.empty()[table], "*, '' AS filename")

    def load(self, name: str, rows: Any, columns: str = "*") -> None:
        """A table of these Arrow rows."""
        with self.database.cursor() as cursor:
            cursor.register("fresh", rows)
            cursor.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM fresh")
            cursor.unregister("fresh")

    def define(self, sql: str) -> None:
        with self.database.cursor() as cursor:
            cursor.execute(sql)

    def ask(self, state: str, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        with self.database.cursor() as cursor:
            cursor.execute(f"SET schema = '{state}'")
            return cursor.execute(sql, dict(parameters or {})).fetchall()

    def recall(self, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """What the files alone tell: `sql` over `file_cases` …"""
        key = (sql, repr(sorted(parameters.items())))
        found = self.remembered.get(key)
        if found is None:
            found = self.ask("main", sql, parameters)
            with self.lock:
                self.remembered[key] = found
                while len(self.remembered) > MOST_REMEMBERED:
                    self.remembered.popitem(last=False)
        return found

    def new_state(self, owner: object) -> str:
        """A name for what `owner` lays over the files; what nobody holds any more is dropped."""
        with self.lock:
            kept = []
            for holder, state in self.states:
                if holder() is None:
                    for (name,) in self.ask("main", SCHEMAS, {"state": state}):
                        self.define(f"DROP SCHEMA {name} CASCADE")
                else:
                    kept.append((holder, state))
            state = f"s{next(self.numbers)}_"
            self.states = [*kept, (weakref.ref(owner), state)]
            return state

    def open(self, table: str) -> None:
        """Lay out the rows of `table` whose cases had not ended when the files were written."""
        with self.lock:
            if table in self.opened:
                return
            if table != "cases":
                self.open("cases")
            which = "WHERE ended_at IS NULL" if table == "cases" else "SEMI JOIN open_cases USING (case_id)"
            self.define(f"CREATE TABLE open_{table} AS SELECT * EXCLUDE (filename) FROM file_{table} {which}")
            self.opened.add(table)

    def ended(self, case_ids: Collection[int]) -> dict[int, str]:
        """Of these cases those that have ended in the files, with the file in which they stand."""
        with self.lock:
            new = [case_id for case_id in case_ids if case_id not in self.ended_in]
            if new:
                listed = ", ".join(map(str, new))
                asked = f"SELECT case_id, filename FROM file_cases WHERE ended_at IS NOT NULL AND case_id IN ({listed})"
                self.ended_in |= dict.fromkeys(new) | dict(self.ask("main", asked))
            return {case_id: file for case_id in case_ids if (file := self.ended_in[case_id]) is not None}


SCHEMAS: Final = "SELECT schema_name FROM duckdb_schemas() WHERE starts_with(schema_name, $state)"


def path(name: str) -> str:
    return str(store.folder() / name)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
