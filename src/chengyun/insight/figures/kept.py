"""Figures that are asked for again and again, as the command screen does: only what moves is counted each time.

What the settled cases of a month count for (`facts.halves`) is kept under the mark of that month, so a question costs a
scan of the moving cases, and of the months that were written anew. What comes out is what `measure` gives; a test holds
the two against each other.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chengyun.insight.figures.measuring import Figure, Tally
from chengyun.insight.figures.together import Asked, Part, by_keys, by_span, figure_of, parts_of, statement, tallied

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

# Parts of which tallies are kept, some kilobytes each; a screen has about sixty, and others each day.
MOST_KEPT = 5_000
MANY = 20_000

Mark = Hashable


def measure_kept(session: Session, wanted: Sequence[Asked]) -> list[Figure]:
    """The figures in the order in which they were asked for, all of one moment."""
    as_of, parts = session.as_of(), parts_of(wanted)
    tallies: dict[Part, Tally] = {}
    # Over few rows many conditions cost less than many statements, over many rows the other way round.
    grouped = by_keys if session.halves.moving_cases() < MANY else by_span
    for group in grouped(parts):
        tallies |= _moving(session, group, as_of)
    for table in {part.measured.table for part in parts}:
        for part, tally in _settled(session, table, [each for each in parts if each.measured.table == table], as_of):
            _add(tally, tallies[part])
    return [figure_of(each, tallies, as_of) for each in wanted]


def _add(tally: Tally, into: Tally) -> None:
    for key, amount in tally.items():
        into[key] = into.get(key, 0) + amount


def _moving(session: Session, group: Sequence[Part], as_of: AsOf) -> dict[Part, Tally]:
    sql, parameters = statement(group, as_of)
    return tallied(group, session.halves.ask_moving(group[0].measured.table, sql, parameters))


def _settled(session: Session, table: str, parts: Sequence[Part], as_of: AsOf) -> Iterable[tuple[Part, Tally]]:
    """Month by month; those that are not kept are counted and kept."""
    marks = session.halves.months(table)
    known = {part: _kept.of(part, marks.values()) for part in parts}
    for group in by_span(part for part in parts if len(known[part]) < len(marks)):
        lacking = {file for file, mark in marks.items() if any(mark not in known[part] for part in group)}
        counted = _by_file(session, group, lacking, as_of)
        for part in group:
            known[part] |= {marks[file]: counted[file].get(part, {}) for file in lacking}
            _kept.put(part, known[part])
    for part, tallies in known.items():
        yield from ((part, tally) for tally in tallies.values())


def _by_file(
    session: Session, group: Sequence[Part], files: Iterable[str], as_of: AsOf
) -> Mapping[str, Mapping[Part, Tally]]:
    from chengyun.insight.facts.halves import among

    sql, parameters = statement(group, as_of, of_files=among(files))
    lines = defaultdict(list)
    for file, *line in session.halves.ask_settled(group[0].measured.table, sql, parameters):
        lines[file].append(tuple(line))
    return defaultdict(dict, {file: tallied(group, found) for file, found in lines.items()})


class _Kept:
    """Tallies of months by part; those of months that count no more go with the next that are put."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.parts: OrderedDict[Part, Mapping[Mark, Tally]] = OrderedDict()

    def of(self, part: Part, marks: Iterable[Mark]) -> dict[Mark, Tally]:
        with self.lock:
            known = self.parts.get(part, {})
            if part in self.parts:
                self.parts.move_to_end(part)
        return {mark: known[mark] for mark in marks if mark in known}

    def put(self, part: Part, tallies: Mapping[Mark, Tally]) -> None:
        with self.lock:
            self.parts[part] = dict(tallies)
            while len(self.parts) > MOST_KEPT:
                self.parts.popitem(last=False)


_kept = _Kept()


def known() -> Mapping[Part, Mapping[Mark, Tally]]:
    """What is kept now, for tests."""
    return dict(_kept.parts)


def forget() -> None:
    """For tests: nothing is kept."""
    _kept.parts.clear()
