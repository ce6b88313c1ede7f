"""The facts in two halves: cases that move, and cases that are settled.

A case that has ended in the files and to which nothing happened since is settled: what it counts for stays the same,
whatever the clock says, until its month is written anew. All others move: those still open, and those that have changed
since. They are few, and stand in memory. Every row is in one half; a test holds it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

from chengyun.insight.facts.files import Files, Rows, path, quoted


class Halves:
    """Of one session, whose changed cases are `changed`. Made when first asked for."""

    def __init__(self, files: Files, state: str, changed: Sequence[int]) -> None:
        self.files, self.state, self.changed = files, state, frozenset(changed)
        self.moving, self.settled = f"{state}moving", f"{state}settled"
        self.lock = threading.Lock()
        self.laid: set[str] = set()

    def ask_moving(self, table: str, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """Over the moving rows of `cases` and of `table`."""
        self._lay_out("cases", table)
        return self.files.ask(self.moving, sql, parameters)

    def moving_cases(self) -> int:
        """At most so many."""
        self._lay_out("cases")
        [(count,)] = self.files.recall("SELECT count(*) FROM open_cases", {})
        return len(self.changed) + int(count)

    def ask_settled(self, table: str, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """Over the settled rows of `cases` and of `table`, each with the `filename` in which it stands."""
        self._lay_out("cases", table)
        return self.files.ask(self.settled, sql, parameters)

    def ask_changed(self, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """Over `hot_cases` …, the rows of the cases that have changed since the files."""
        return self.files.ask(self.state, sql, parameters)

    def months(self, table: str) -> dict[str, Hashable]:
        """The file of each month of `table`; and by what its settled rows are known: equal marks, equal rows."""
        known = self.files.known
        if known is None:
            return {}
        self._lay_out("cases")
        gone = defaultdict(set)
        for case_id, file in self.files.ended(self._suspects()).items():
            gone[file].add(case_id)
        return {
            path(names[table]): (*sorted(names.values()), frozenset(gone[path(names["cases"])]))
            for names in known.months.values()
        }

    def _suspects(self) -> Collection[int]:
        """Changed cases that were not open in the files: new there, or ended."""
        sql = f"SELECT case_id FROM {self.state}.hot_cases ANTI JOIN main.open_cases USING (case_id)"
        return [case_id for (case_id,) in self.files.ask(self.state, sql)]

    def _lay_out(self, *tables: str) -> None:
        with self.lock:
            if not self.laid:
                for schema in (self.moving, self.settled):
                    self.files.define(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            for table in tables:
                if table not in self.laid:
                    self._define(table)
                    self.laid.add(table)

    def _define(self, table: str) -> None:
        self.files.open("cases")
        self.files.open(table)
        is_old = f"ANTI JOIN {self.state}.hot_cases USING (case_id)"
        self.files.define(
            f"""CREATE VIEW {self.moving}.{table} AS SELECT * FROM {self.state}.hot_{table}
                 UNION ALL BY NAME SELECT * FROM main.open_{table} {is_old}"""
        )
        self.files.define(
            f"""CREATE VIEW {self.settled}.{table} AS
                SELECT * FROM main.file_{table} ANTI JOIN main.open_cases USING (case_id) {is_old}"""
        )


def among(files: Iterable[str]) -> str:
    """SQL: one of these files."""
    return f"IN ({', '.join(map(quoted, sorted(files)))})"
