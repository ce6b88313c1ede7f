"""Questions to the facts: DuckDB in this process over the files and what happened since, as one set of tables.

A question sees everything that was committed before it: the cases that the outbox named since the manifest's cursor are
read from the database and stand before the files' rows of the same cases.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from chengyun.core import events
from chengyun.core.events import Cursor
from chengyun.core.instants import now
from chengyun.insight.facts import arrow, feed, rows, schema, store
from chengyun.insight.facts.arrow import Facts

# What a query may take of the machine; the web server's other threads go on beside it.
MEMORY = "1GB"
THREADS = 2

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class AsOf:
    """What a figure knows: everything up to `cursor`, seen at the instant `at` (for what is overdue by then)."""

    cursor: Cursor
    at: dt.datetime


class Session:
    """One state of the facts: tables `cases steps rounds reports requests`. Threads ask through their own cursors."""

    def __init__(self, known: store.Manifest | None, cursor: Cursor, hot: Facts) -> None:
        self.known, self.cursor, self.hot = known, cursor, hot
        # Events that were seen before they were final (`events.unsettled`): their cases are in `hot` already.
        self.seen: frozenset[int] = frozenset()
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
        hot = self.hot[table]
        self.database.register("fresh", hot)
        self.database.execute(f"CREATE TABLE hot_{table} AS SELECT * FROM fresh")
        self.database.unregister("fresh")
        parts = [f"SELECT * FROM hot_{table}"]
        if self.known and self.known.months:
            files = ", ".join(f"'{_quoted(str(store.folder() / name))}'" for name in self.known.files(table))
            parts.append(f"SELECT * FROM read_parquet([{files}]) WHERE case_id NOT IN (SELECT case_id FROM hot_cases)")
        self.database.execute(f"CREATE VIEW {table} AS {' UNION ALL BY NAME '.join(parts)}")

    def ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        with self.database.cursor() as cursor:
            return cursor.execute(sql, dict(parameters or {})).fetchall()

    def as_of(self) -> AsOf:
        return AsOf(self.cursor, now())


def _quoted(text: str) -> str:
    return text.replace("'", "''")


class _Sessions:
    """The process's present session; made anew when files were swapped or something happened."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.stamp: tuple[Any, ...] = ()
        self.session: Session | None = None

    def fresh(self) -> Session:
        with self.lock:
            stamp = (str(store.folder()), *store.stamp())
            if self.session is None or stamp != self.stamp:
                known = feed.current()
                self.session = Session(known, known.cursor if known else Cursor.START, arrow.empty())
                self.stamp = stamp
            self.session = _brought_up(self.session)
            return self.session

    def forget(self) -> None:
        with self.lock:
            self.session, self.stamp = None, ()


_NO_END = 10**9


def _brought_up(last: Session) -> Session:
    """The same session where nothing happened, else one with what did."""
    early = events.unsettled()
    cursor, cases, _first = feed.changes(last.cursor, most=_NO_END)
    cases |= {case_id for event in early if event.id not in last.seen if (case_id := feed.case_of(event))}
    if cases:
        hot = arrow.join([arrow.without(last.hot, cases), rows.read(cases)])
        last = Session(last.known, cursor, hot)
    last.cursor, last.seen = cursor, frozenset(event.id for event in early)
    return last


_sessions = _Sessions()


def session() -> Session:
    """The facts with everything that was committed before this call."""
    return _sessions.fresh()


def forget() -> None:
    """For tests, which change the database under a running process."""
    _sessions.forget()
