"""Figures that are asked for again and again, as the command screen does: only what changed is counted each time.

What the settled cases of a month count for is kept under the mark of that month; what the cases still open in the files
counted for at one instant, under the mark of these files (`facts.halves`). A question then costs one scan of the few
rows that came, changed or turned with the clock since: what they count for is added, what they counted for before is
taken away. What comes out is what `measure` gives; a test holds the two against each other.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from chengyun.insight.facts.rehearsing import Rehearsal, before_served
from chengyun.insight.figures.difference import Difference
from chengyun.insight.figures.measuring import Figure, Tally
from chengyun.insight.figures.together import Asked, Part, by_scope, by_span, figure_of, parts_of, statement, tallied

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

# Parts of which tallies are kept, some kilobytes each; a screen has about sixty, and others each day.
MOST_KEPT = 5_000
# What was asked for within so many seconds is counted over new files before they answer.
RECENT_S = 120

Mark = Hashable
Tallies = Iterator[tuple[Part, Tally]]


def measure_kept(session: Session, wanted: Sequence[Asked]) -> list[Figure]:
    """The figures in the order in which they were asked for, all of one moment."""
    as_of, parts = session.as_of(), parts_of(wanted)
    _recent.note(parts)
    tallies = _tallies(session, parts, as_of)
    return [figure_of(each, tallies, as_of) for each in wanted]


def _tallies(session: Session, parts: Sequence[Part], as_of: AsOf) -> dict[Part, Tally]:
    tallies: dict[Part, Tally] = {part: {} for part in parts}
    for table in {part.measured.table for part in parts}:
        mine = [part for part in parts if part.measured.table == table]
        whole = [part for part in mine if not part.measured.amount]
        # Amounts are not whole numbers: what is taken away from them would leave a rest.
        amounts = [part for part in mine if part.measured.amount]
        counted = _standing(session, table, whole, as_of), _moving(session, table, amounts, as_of)
        for part, tally in chain(_settled(session, table, mine, as_of), *counted):
            _add(tally, tallies[part])
    for part, tally in tallies.items():
        _leave_out_noughts(part, tally)
    return tallies


def _add(tally: Tally, into: Tally) -> None:
    for key, amount in tally.items():
        into[key] = into.get(key, 0) + amount


def _leave_out_noughts(part: Part, tally: Tally) -> None:
    """A group that all have left is none; the whole is there though it be nothing."""
    for key in [key for key, amount in tally.items() if key and not amount]:
        del tally[key]
    if not part.by:
        tally.setdefault((), 0)


def _moving(session: Session, table: str, parts: Sequence[Part], as_of: AsOf) -> Tallies:
    """Counted over all cases that move."""
    for group in by_span(parts):
        sql, parameters = statement(group, as_of)
        yield from tallied(group, session.halves.ask_moving(table, sql, parameters)).items()


def _standing(session: Session, table: str, parts: Sequence[Part], as_of: AsOf) -> Tallies:
    """What is kept of the cases that were open in the files, and what became of them and of others since."""
    seen = session.files.standing(as_of.at)
    known = {part: _open.of(part, [seen.mark]) for part in parts}
    for group in by_span(part for part in parts if not known[part]):
        sql, parameters = statement(group, replace(as_of, at=seen.at))
        for part, tally in tallied(group, session.files.ask_open(table, sql, parameters)).items():
            known[part] = {seen.mark: tally}
            _open.put(part, known[part])
    for part, tallies in known.items():
        yield part, tallies[seen.mark]
    for group in by_scope(parts):
        since = Difference(group, as_of)
        rows = session.halves.ask_difference(table, since.sql, since.parameters, seen, as_of.at)
        yield from since.told(rows).items()


def _settled(session: Session, table: str, parts: Sequence[Part], as_of: AsOf) -> Tallies:
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
    """Tallies of months by part, put twice: new files are counted while those before are still asked."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.parts: OrderedDict[Part, tuple[Mapping[Mark, Tally], ...]] = OrderedDict()

    def of(self, part: Part, marks: Collection[Mark]) -> dict[Mark, Tally]:
        with self.lock:
            known = self.parts.get(part, ())
            if part in self.parts:
                self.parts.move_to_end(part)
        return {mark: tallies[mark] for tallies in known for mark in marks if mark in tallies}

    def put(self, part: Part, tallies: Mapping[Mark, Tally]) -> None:
        with self.lock:
            self.parts[part] = (dict(tallies), *self.parts.get(part, ())[:1])
            while len(self.parts) > MOST_KEPT:
                self.parts.popitem(last=False)


# Of settled cases by month, and of those that were open in the files.
_kept, _open = _Kept(), _Kept()


class _Recent:
    """When parts were asked for last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.at: dict[Part, float] = {}

    def note(self, parts: Iterable[Part]) -> None:
        with self.lock:
            self.at |= dict.fromkeys(parts, time.monotonic())
            if len(self.at) > MOST_KEPT:
                self._drop_old()

    def rehearsal(self) -> Rehearsal | None:
        """Counts over new files what is asked again and again."""
        with self.lock:
            self._drop_old()
            return partial(_rehearse, list(self.at)) if self.at else None

    def _drop_old(self) -> None:
        since = time.monotonic() - RECENT_S
        self.at = {part: at for part, at in self.at.items() if at > since}

    def forget(self) -> None:
        self.at.clear()


_recent = _Recent()
before_served(_recent.rehearsal)


def _rehearse(parts: Sequence[Part], session: Session) -> None:
    _tallies(session, parts, session.as_of())


def known() -> Mapping[Part, Mapping[Mark, Tally]]:
    """What is kept of settled cases now, for tests."""
    return {part: last for part, (last, *_before) in _kept.parts.items()}


def forget() -> None:
    """For tests: nothing is kept."""
    for each in (_kept, _open):
        each.parts.clear()
    _recent.forget()
