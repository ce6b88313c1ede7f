"""Questions to the facts: the files and what happened since, as one set of tables.

A question sees everything that was committed before it: the cases that the outbox named since the manifest's cursor are
read from the database and stand before the files' rows of the same cases.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chengyun.core import events
from chengyun.core.events import Cursor
from chengyun.core.instants import now
from chengyun.insight.facts import arrow, feed, rows, schema, store
from chengyun.insight.facts.arrow import Facts
from chengyun.insight.facts.files import Files, Rows
from chengyun.insight.facts.halves import Halves


@dataclass(frozen=True)
class AsOf:
    """What a figure knows: everything up to `cursor`, seen at the instant `at` (for what is overdue by then)."""

    cursor: Cursor
    at: dt.datetime


class Session:
    """One state of the facts: tables `cases steps rounds reports requests`. Threads ask through their own cursors.

    `halves` asks the same in two parts, for what is asked again and again.
    """

    def __init__(self, files: Files, cursor: Cursor, hot: Facts) -> None:
        self.files, self.cursor, self.hot = files, cursor, hot
        # Events that were seen before they were final (`events.unsettled`): their cases are in `hot` already.
        self.seen: frozenset[int] = frozenset()
        self.state = files.new_state(self)
        files.define(f"CREATE SCHEMA {self.state}")
        self.lock, self.is_laid_out = threading.Lock(), False
        self.halves = Halves(files, self.state, hot)

    def ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        self._lay_out()
        return self.files.ask(self.state, sql, parameters)

    def _lay_out(self) -> None:
        """Only for whoever asks: a view over files looks at them, and the command screen can do without."""
        with self.lock:
            for table in () if self.is_laid_out else schema.TABLES:
                self.halves.load(table)
                self.files.define(
                    f"""CREATE VIEW {self.state}.{table} AS
                        SELECT * FROM {self.state}.hot_{table} UNION ALL BY NAME
                        SELECT * EXCLUDE (filename) FROM main.file_{table}
                         WHERE case_id NOT IN (SELECT case_id FROM {self.state}.hot_cases)"""
                )
            self.is_laid_out = True

    def as_of(self) -> AsOf:
        return AsOf(self.cursor, now())


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
                self.session = Session(Files(known), known.cursor if known else Cursor.START, arrow.empty())
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
        last = Session(last.files, cursor, hot)
    last.cursor, last.seen = cursor, frozenset(event.id for event in early)
    return last


_sessions = _Sessions()


def session() -> Session:
    """The facts with everything that was committed before this call."""
    return _sessions.fresh()


def forget() -> None:
    """For tests, which change the database under a running process."""
    _sessions.forget()
