"""The facts in two halves: cases that move, and cases that are settled.

A case that has ended in the files and to which nothing happened since is settled: what it counts for stays the same,
whatever the clock says, until its month is written anew. All others move: those still open, and those that have changed
since. They stand in memory. Every row is in one half; a test holds it. Whoever has counted the open cases before asks
for the difference since: the few of them that changed, or that the clock has turned.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any

from chengyun.insight.facts.arrow import Facts
from chengyun.insight.facts.files import INSTANTS, Files, Rows, Standing, path, plain, quoted


class Halves:
    """Of one session, whose changed cases are `hot`. Made when first asked for, table by table."""

    def __init__(self, files: Files, state: str, hot: Facts) -> None:
        self.files, self.state, self.hot = files, state, hot
        self.changed = frozenset(hot["cases"]["case_id"].to_pylist())
        self.moving, self.settled = f"{state}moving", f"{state}settled"
        self.lock = threading.RLock()
        self.laid: set[str] = set()

    def load(self, *tables: str) -> None:
        """Put `hot_cases` … of these tables, and of cases, into the state of the session."""
        with self.lock:
            for table in dict.fromkeys(("cases", *tables)):
                if (name := f"{self.state}.hot_{table}") not in self.laid:
                    self.files.load(name, self.hot[table])
                    self.laid.add(name)

    def ask_moving(self, table: str, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """Over the moving rows of `cases` and of `table`."""
        self._lay_out(self.moving, table)
        return self.files.ask(self.moving, sql, parameters)

    def ask_difference(
        self, table: str, sql: str, parameters: Mapping[str, Any], seen: Standing, now: dt.datetime
    ) -> Rows:
        """Over what became of the rows of `cases` and `table` that were open in the files, `seen` before, for whoever
        sees them `now`. Each row has a `sign`: −1 as it was, 1 as it is; a case also `seen_at`, the one instant or the
        other, UTC without a zone. Cases are there that changed since the files, and those of which an instant lies
        between the two: of all others the clock alone changes nothing.
        """
        named = [each for each in dict.fromkeys(("cases", table)) if re.search(rf"\b{each}\b", sql)]
        self.load(*named)
        for each in named:
            self.files.open(each)
        tables = ", ".join(f"{each} AS ({_difference(each, seen)})" for each in named)
        times = {"then": plain(seen.at), "now": plain(now)} if "cases" in named else {}
        return self.files.ask(self.state, f"WITH {tables} {sql}", {**parameters, **times})

    def ask_settled(self, table: str, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """Over the settled rows of `cases` and of `table`, each with the `filename` in which it stands."""
        self._lay_out(self.settled, table)
        return self.files.ask(self.settled, sql, parameters)

    def ask_changed(self, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """Over `hot_cases` …, the rows of the cases that have changed since the files."""
        self.load(*re.findall(r"\bhot_(\w+)", sql))
        return self.files.ask(self.state, sql, parameters)

    def months(self, table: str) -> dict[str, Hashable]:
        """The file of each month of `table`; and by what its settled rows are known: equal marks, equal rows."""
        known = self.files.known
        if known is None:
            return {}
        gone = defaultdict(set)
        for case_id, file in self.files.ended(self._suspects).items():
            gone[file].add(case_id)
        return {
            path(names[table]): (*sorted(names.values()), frozenset(gone[path(names["cases"])]))
            for names in known.months.values()
        }

    @cached_property
    def _suspects(self) -> Collection[int]:
        """Changed cases that were not open in the files: new there, or ended."""
        self.load()
        self.files.open("cases")
        sql = f"SELECT case_id FROM {self.state}.hot_cases ANTI JOIN main.open_cases USING (case_id)"
        return [case_id for (case_id,) in self.files.ask(self.state, sql)]

    def _lay_out(self, half: str, table: str) -> None:
        """Views of `cases` and of `table`."""
        self.load(table)
        with self.lock:
            if not any(name.startswith(half) for name in self.laid):
                self.files.define(f"CREATE SCHEMA {half}")
            for each in dict.fromkeys(("cases", table)):
                name = f"{half}.{each}"
                if name not in self.laid:
                    self.files.open(each)
                    self.files.define(f"CREATE VIEW {name} AS {self._rows(half, each)}")
                    self.laid.add(name)

    def _rows(self, half: str, table: str) -> str:
        is_old = f"ANTI JOIN {self.state}.hot_cases USING (case_id)"
        if half == self.moving:
            hot = f"SELECT * FROM {self.state}.hot_{table}"
            return f"{hot} UNION ALL BY NAME SELECT * FROM main.open_{table} {is_old}"
        return f"SELECT * FROM main.file_{table} ANTI JOIN main.open_cases USING (case_id) {is_old}"


def _difference(table: str, seen: Standing) -> str:
    gone = f"SELECT * FROM main.open_{table} SEMI JOIN hot_cases USING (case_id)"
    if table != "cases":
        return f"SELECT *, 1 AS sign FROM hot_{table} UNION ALL BY NAME SELECT *, -1 AS sign FROM ({gone})"
    turned = " OR ".join(f"{name} BETWEEN least($then, $now) AND greatest($then, $now)" for name in INSTANTS)
    return f"""SELECT *, 1 AS sign, $now AS seen_at FROM hot_cases
                UNION ALL BY NAME SELECT *, -1 AS sign, $then AS seen_at FROM ({gone})
                UNION ALL BY NAME
               SELECT * FROM (SELECT * FROM main.{seen.turning} WHERE {turned}) ANTI JOIN hot_cases USING (case_id)
                CROSS JOIN (VALUES (1, $now), (-1, $then)) AS as_seen (sign, seen_at)"""


def among(files: Iterable[str]) -> str:
    """SQL: one of these files."""
    return f"IN ({', '.join(map(quoted, sorted(files)))})"
