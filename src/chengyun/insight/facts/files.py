"""The files of one manifest as a database: DuckDB in this process, shared by all sessions over them.

What is asked of the files alone does not change while the manifest stands, so it is remembered. Of the cases that had
not ended when the files were written the rows stand in memory, table by table, once somebody asks for them
(`facts.halves`).
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from django.utils.translation import gettext as _

from chengyun.core.errors import NotReady
from chengyun.insight.facts import arrow, schema, store

# What a query may take of the machine. One thread: the web server has threads and processes of its own, and several for
# one short question cost half as much again in waiting for each other.
MEMORY: Final = "1GB"
THREADS: Final = 1
# Answers remembered at once, each some lines.
MOST_REMEMBERED: Final = 200
# The clock turns more and more of what was counted at one instant.
LONGEST_SEEN: Final = dt.timedelta(minutes=15)
INSTANTS: Final = [name for name, kind in schema.CASES.items() if kind == schema.AT]
# Where `cases` … are those that had not ended.
OPEN: Final = "still_open"

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Standing:
    """The cases that were open in the files, seen at an instant."""

    at: dt.datetime
    mark: Hashable  # equal marks, equal answers
    # A table of those that the clock may turn for whoever asks of `at`: an instant of theirs lies near it.
    turning: str


class Files:
    """Tables `file_cases` … with the `filename` of each row; `open_cases` … where they were asked for."""

    def __init__(self, known: store.Manifest | None) -> None:
        self.known = known
        # Whether a question failed because a file is gone or not what it was.
        self.are_broken = False
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
        self.seen: list[Standing] = []
        self.define(f"CREATE SCHEMA {OPEN}")
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
            cursor.register("fresh", rows.combine_chunks())
            cursor.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM fresh")
            cursor.unregister("fresh")

    def define(self, sql: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(sql)

    def ask(self, state: str, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        with self._cursor() as cursor:
            cursor.execute(f"SET schema = '{state}'")
            return cursor.execute(sql, dict(parameters or {})).fetchall()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self.database.cursor() as cursor:
                yield cursor
        except duckdb.Error:
            if self.known is None or store.are_whole(self.known):
                raise
            self.are_broken = True
            raise preparing() from None

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
            self.define(f"CREATE VIEW {OPEN}.{table} AS SELECT * FROM main.open_{table}")
            self.opened.add(table)

    def ask_open(self, table: str, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """Over the rows of `cases` and of `table` whose cases had not ended when the files were written."""
        self.open(table)
        return self.ask(OPEN, sql, parameters)

    def standing(self, at: dt.datetime) -> Standing:
        """How whoever keeps what the open cases count for is to see them: at `at`, or not long away from it."""
        with self.lock:
            if not self.seen or abs(at - self.seen[-1].at) > LONGEST_SEEN:
                mark = (at, *sorted(self.known.named if self.known else ()))
                self.seen.append(Standing(at, mark, f"turning_{next(self.numbers)}"))
                self.open("cases")
                near = " OR ".join(f"{name} BETWEEN $first AND $last" for name in INSTANTS)
                span = {"first": plain(at - LONGEST_SEEN), "last": plain(at + LONGEST_SEEN)}
                turning = f"CREATE TABLE {self.seen[-1].turning} AS SELECT * FROM open_cases WHERE {near}"
                self.ask("main", turning, span)
                if len(self.seen) > 2:  # somebody may still count by the one before
                    self.define(f"DROP TABLE {self.seen.pop(0).turning}")
            return self.seen[-1]

    def ended(self, case_ids: Collection[int]) -> dict[int, str]:
        """Of these cases those that have ended in the files, with the file in which they stand."""
        with self.lock:
            [(last,)] = self.recall("SELECT max(case_id) FROM file_cases", {})
            new = [case_id for case_id in case_ids if case_id not in self.ended_in and case_id <= (last or 0)]
            if new:
                listed = ", ".join(map(str, new))
                asked = f"SELECT case_id, filename FROM file_cases WHERE ended_at IS NOT NULL AND case_id IN ({listed})"
                self.ended_in |= dict.fromkeys(new) | dict(self.ask("main", asked))
            return {case_id: file for case_id in case_ids if (file := self.ended_in.get(case_id)) is not None}


def preparing() -> NotReady:
    told = _("统计数据正在整理，还看不到数字；一直如此时，请系统管理员查看后台进程是否在运行。")
    return NotReady(told, code="preparing")


def plain(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(tzinfo=None)


SCHEMAS: Final = "SELECT schema_name FROM duckdb_schemas() WHERE starts_with(schema_name, $state)"


def path(name: str) -> str:
    return str(store.folder() / name)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
