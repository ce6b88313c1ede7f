"""Many figures of one moment, in as few scans as they need: a page of figures costs little more than one of them.

Figures over the same table and period and by the same keys are counted in one statement, each under its own condition.
What comes out is what `measure` gives one by one; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator, Measure
from chengyun.insight.figures.measuring import (
    Figure,
    Question,
    Tally,
    Value,
    dimension,
    from_and_where,
    values_of,
)

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

# What a question has of its own; scope and instant are the same for all of them.
_OWN: Final = re.compile(r"\$(since|until|where_\d+_\d+)\b")
_OF_CASE: Final = re.compile(r"\bc\.")


@dataclass(frozen=True)
class Asked:
    """One figure that is wanted."""

    indicator: Indicator
    question: Question
    by: tuple[str, ...] = ()


def measure_together(session: Session, wanted: Sequence[Asked]) -> list[Figure]:
    """The figures in the order in which they were asked for, all of one moment."""
    as_of = session.as_of()
    parts = list(dict.fromkeys(_parts(wanted)))
    tallies: dict[_Part, Tally] = {}
    for statement in _statements(parts):
        tallies |= _counted(session, statement, as_of)
    return [_figure(each, tallies, as_of) for each in wanted]


@dataclass(frozen=True)
class _Part:
    """Rows to be counted: a numerator or a denominator, whole or by keys."""

    measured: Measure
    question: Question
    by: tuple[str, ...]

    def __hash__(self) -> int:  # questions hold mappings
        return hash((self.measured, self.question.period, self.by))

    @property
    def keys(self) -> tuple[str, ...]:
        """SQL of the keys; two parts with the same keys and table are counted in one scan."""
        when = self.measured.when or "c.filed_at"
        return tuple(dimension(key).expression(self.measured.table, when) for key in self.by)


def _parts(wanted: Iterable[Asked]) -> Iterable[_Part]:
    for each in wanted:
        for measured in _measures(each.indicator):
            yield _Part(measured, each.question, each.by)


def _measures(indicator: Indicator) -> tuple[Measure, ...]:
    return (indicator.of, indicator.over) if indicator.over else (indicator.of,)


def _statements(parts: Iterable[_Part]) -> Iterable[list[_Part]]:
    """Of one table, by the same keys and within the same period, which leads to the few files that it lies in."""
    groups: dict[Any, list[_Part]] = defaultdict(list)
    for part in parts:
        measured, question = part.measured, part.question
        span = (measured.when, question.period) if measured.when else None
        groups[measured.table, part.keys, question.scope.sql, span].append(part)
    return groups.values()


def _counted(session: Session, parts: Sequence[_Part], as_of: AsOf) -> Mapping[_Part, Tally]:
    keys = parts[0].keys
    columns, conditions, source = [], [], ""
    parameters: dict[str, Any] = {}
    for place, part in enumerate(parts):
        source, condition, own = from_and_where(part.measured, part.question, as_of)
        parameters |= {f"{name}_{place}" if _OWN.match(f"${name}") else name: value for name, value in own.items()}
        condition = _OWN.sub(rf"$\1_{place}", condition)
        amount = _OWN.sub(rf"$\1_{place}", part.measured.amount)
        counted = f"sum({amount})" if amount else "count(*)"
        columns.append(f"coalesce({counted} FILTER (WHERE {condition}), 0)")
        conditions.append(f"({condition})")
    when = parts[0].measured.when
    within = f"{when} >= $since_0 AND {when} < $until_0" if when else " OR ".join(conditions)
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    chosen = ", ".join([*keys, *columns])
    # Each fact has its one case: where nothing of it is asked, it need not be looked for.
    tables = source if _OF_CASE.search(f"{chosen} {within}") else f"{parts[0].measured.table} f"
    rows = session.ask(f"SELECT {chosen} FROM {tables} WHERE {within}{grouped}", parameters)
    return {
        part: {tuple(row[: len(keys)]): row[len(keys) + place] for row in rows if not keys or row[len(keys) + place]}
        for place, part in enumerate(parts)
    }


def _figure(each: Asked, tallies: Mapping[_Part, Tally], as_of: AsOf) -> Figure:
    def tally(measured: Measure, by: tuple[str, ...]) -> Tally:
        found = tallies[_Part(measured, each.question, each.by)]
        # Every row has its one key, so the whole is what its groups add up to.
        return found if by == each.by else {(): sum(found.values())}

    def values(by: tuple[str, ...]) -> dict[tuple[Key, ...], Value]:
        over = each.indicator.over
        return values_of(each.indicator, tally(each.indicator.of, by), tally(over, by) if over else None)

    total = values(())[()]
    dimensions = tuple(dimension(key) for key in each.by)
    return Figure(each.indicator, each.question, as_of, total, values(each.by) if each.by else {}, dimensions)
