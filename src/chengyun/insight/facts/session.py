"""Questions to the facts: the files and what happened since, as one set of tables.

A question sees everything that was committed before it: the cases that the outbox named since the manifest's cursor are
read from the database and stand before the files' rows of the same cases.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

import structlog

from chengyun.core import events
from chengyun.core.events import Cursor
from chengyun.core.instants import now
from chengyun.insight.facts import arrow, feed, rehearsing, rows, schema, store
from chengyun.insight.facts.arrow import Facts
from chengyun.insight.facts.files import Files, Rows, preparing
from chengyun.insight.facts.halves import Halves
from chengyun.insight.facts.rehearsing import Rehearsal
from chengyun.insight.facts.store import Manifest

log = structlog.get_logger(__name__)


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
        self.coming: _Coming | None = None

    def fresh(self) -> Session:
        with self.lock:
            stamp = (str(store.folder()), *store.stamp())
            last = self.session
            if last is None or last.files.are_broken or (stamp != self.stamp and not self._goes_on(last, stamp)):
                self._take(stamp, _over(feed.current()))
            assert self.session is not None
            self.session = _brought_up(self.session)
            return self.session

    def _goes_on(self, last: Session, stamp: tuple[Any, ...]) -> bool:
        """Whether nobody need wait for new files: the ones before and what happened since say the same.

        Where something is asked again and again, a thread lays the new ones out and asks it of them; then they are
        taken.
        """
        if self.coming is None:
            known, rehearsals = feed.current(), rehearsing.wanted()
            if not (rehearsals and known and last.files.known and feed.is_followed(last.files.known)):
                return False
            self.coming = _Coming(stamp, known, rehearsals)
        if not self.coming.is_ready:
            return True
        coming, self.coming = self.coming, None
        if coming.session is not None:
            self._take(coming.stamp, coming.session)
        return coming.session is not None

    def _take(self, stamp: tuple[Any, ...], fresh: Session) -> None:
        """What was being made ready beside the one before is for nobody now."""
        self.session, self.stamp, self.coming = fresh, stamp, None

    def settle(self) -> None:
        if self.coming:
            self.coming.wait()

    def forget(self) -> None:
        self.settle()
        with self.lock:
            self.session, self.stamp, self.coming = None, (), None


class _Coming:
    """A session over new files, being made ready by a thread that asks the files alone, never the database."""

    def __init__(self, stamp: tuple[Any, ...], known: Manifest, rehearsals: Sequence[Rehearsal]) -> None:
        self.stamp, self.known, self.rehearsals = stamp, known, rehearsals
        self.session: Session | None = None
        self.thread = threading.Thread(target=copy_context().run, args=(self._make,), name="facts", daemon=True)
        self.thread.start()

    def _make(self) -> None:
        try:
            made = _over(self.known)
            for rehearse in self.rehearsals:
                rehearse(made)
            self.session = made
        except Exception:  # whoever asks next makes it himself, and hears what is wrong
            log.exception("new fact files could not be made ready")

    @property
    def is_ready(self) -> bool:
        return not self.thread.is_alive()

    def wait(self) -> None:
        self.thread.join()


def _over(known: Manifest | None) -> Session:
    return Session(Files(known), known.cursor if known else Cursor.START, arrow.empty())


def _brought_up(last: Session) -> Session:
    """The same session where nothing happened, else one with what did."""
    if feed.is_far_behind(last.files.known):
        raise preparing()
    early = events.unsettled()
    cursor, cases, _first = feed.changes(last.cursor, most=_NO_END)
    cases |= {case_id for event in early if event.id not in last.seen if (case_id := feed.case_of(event))}
    if cases:
        hot = arrow.join([arrow.without(last.hot, cases), rows.read(cases)])
        last = Session(last.files, cursor, hot)
    last.cursor, last.seen = cursor, frozenset(event.id for event in early)
    return last


_NO_END = 10**9
_sessions = _Sessions()


def session() -> Session:
    """The facts with everything that was committed before this call.

    Raises NotReady while the files are so far behind that reading the rest would take minutes.
    """
    return _sessions.fresh()


def settle() -> None:
    """For tests: wait until new files answer, should they be made ready just now."""
    _sessions.settle()


def forget() -> None:
    """For tests, which change the database under a running process."""
    _sessions.forget()
