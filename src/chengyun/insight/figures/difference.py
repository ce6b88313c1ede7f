"""What changed of many figures, in one statement whatever they are split by: over few rows, some added, some taken.

A row says by its column `sign` which of the two it is, 1 or −1, and a case by `seen_at` the instant at which it is
judged (`facts.halves.Halves.ask_difference`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from chengyun.insight.figures.measuring import Tally, from_and_wheres
from chengyun.insight.figures.together import Named, Part, tables

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf


class Difference:
    """Of parts of one table and scope, none of which adds amounts up.

    Rows alike in all keys and conditions are one line of the answer; to which parts it belongs is sorted out here. Over
    few rows most of what a statement takes is planning, so every condition stands in it once.
    """

    def __init__(self, parts: Sequence[Part], as_of: AsOf) -> None:
        self.parts, named = parts, Named()
        self.keys = list(dict.fromkeys(key for part in parts for key in part.keys))
        known: dict[str, int] = {}
        self.conditions: dict[Part, set[int]] = {}
        for part in parts:
            source, wheres, own = from_and_wheres(part.measured, part.question, as_of)
            said = [named.said(where, own).replace("$as_of", "c.seen_at") for where in wheres]
            self.conditions[part] = {known.setdefault(each, len(known)) for each in said}
        self.parameters = {name: value for name, value in named.parameters.items() if name != "as_of"}
        columns = [f"{sql} AS k{place}" for place, sql in enumerate(self.keys)]
        columns += [f"({sql}) AS holds{place}" for sql, place in known.items()]
        chosen = ", ".join(columns)
        # A fact is joined with its case as it was, or with its case as it is.
        rows = tables(source, chosen).replace("USING (case_id)", "USING (case_id, sign)")
        self.sql = f"SELECT * EXCLUDE (sign), sum(sign) FROM (SELECT sign, {chosen} FROM {rows}) GROUP BY ALL"

    def told(self, rows: Iterable[tuple[Any, ...]]) -> dict[Part, Tally]:
        found: dict[Part, Tally] = {part: {} for part in self.parts}
        places = {part: [self.keys.index(key) for key in part.keys] for part in self.parts}

        @cache
        def counting(*hold: bool | None) -> list[tuple[Tally, list[int]]]:
            """Where a row counts of which these conditions hold."""
            true = {place for place, each in enumerate(hold) if each}
            return [(found[part], places[part]) for part in self.parts if self.conditions[part] <= true]

        for row in rows:
            for tally, where in counting(*row[len(self.keys) : -1]):
                key = tuple(row[place] for place in where)
                tally[key] = tally.get(key, 0) + int(row[-1])
        return found
