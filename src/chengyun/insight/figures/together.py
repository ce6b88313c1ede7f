"""Figures of one moment, in as few scans as they need: a page of them costs little more than one, and one figure of a
ratio, split by something, a scan and not four.

Figures over the same table and period and by the same keys are counted in one statement, each under its own condition.
What comes out is what `measure` gives one by one; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator, Measure
from chengyun.insight.figures.measuring import (
    IN_PERIOD,
    PARAMETER,
    Figure,
    Question,
    Tally,
    Value,
    dimension,
    from_and_where,
    values_of,
)
from chengyun.insight.figures.periods import Period

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


def measure_together(session: Session, wanted: Sequence[Asked], as_of: AsOf | None = None) -> list[Figure]:
    """The figures in the order in which they were asked for, all of one moment: now, or `as_of` told before."""
    as_of = as_of or session.as_of()
    tallies: dict[Part, Tally] = {}
    for group in by_span(parts_of(wanted)):
        sql, parameters = statement(group, as_of)
        tallies |= tallied(group, session.ask(sql, parameters))
    return [figure_of(each, tallies, as_of) for each in wanted]


@dataclass(frozen=True)
class Part:
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

    @property
    def span(self) -> tuple[str, Period] | None:
        """What puts its rows into which period; None of a stock."""
        return (self.measured.when, self.question.period) if self.measured.when else None


def parts_of(wanted: Iterable[Asked]) -> list[Part]:
    """What has to be counted for these, each once."""
    found: dict[Part, None] = {}
    for each in wanted:
        for measured in _measures(each.indicator):
            found[Part(measured, each.question, each.by)] = None
    return list(found)


def _measures(indicator: Indicator) -> tuple[Measure, ...]:
    return (indicator.of, indicator.over) if indicator.over else (indicator.of,)


def by_scope(parts: Iterable[Part]) -> Iterable[list[Part]]:
    """Of one table, whatever their keys."""
    return _grouped(parts, lambda part: (part.measured.table, part.question.scope.sql))


def by_span(parts: Iterable[Part]) -> Iterable[list[Part]]:
    """Of one table, by the same keys and within the same period, which leads to the few files that it lies in."""
    return _grouped(parts, lambda part: (part.measured.table, part.keys, part.question.scope.sql, part.span))


def _grouped(parts: Iterable[Part], key: Callable[[Part], Hashable]) -> Iterable[list[Part]]:
    groups: dict[Hashable, list[Part]] = defaultdict(list)
    for part in parts:
        groups[key(part)].append(part)
    return groups.values()


@dataclass(frozen=True)
class _Scan:
    """What parts of one table and by the same keys ask of one scan: a condition and an amount each, and the rest."""

    conditions: Sequence[str]
    amounts: Sequence[str]
    # The periods, which also lead to the few files that they lie in; of a stock what it says.
    within: str
    source: str
    parameters: Mapping[str, Any]


def _scan(parts: Sequence[Part], as_of: AsOf) -> _Scan:
    conditions, amounts, spans, source = [], [], [], ""
    named = Named()
    for part in parts:
        source, condition, own = from_and_where(part.measured, part.question, as_of)
        conditions.append(named.said(condition, own))
        amounts.append(named.said(part.measured.amount, own))
        spans.append(named.said(IN_PERIOD.format(when=part.measured.when), own) if part.span else f"({conditions[-1]})")
    return _Scan(conditions, amounts, " OR ".join(dict.fromkeys(spans)), source, named.parameters)


def statement(parts: Sequence[Part], as_of: AsOf, *, of_files: str = "") -> tuple[str, dict[str, Any]]:
    """One scan for parts of one table and by the same keys, with its parameters: a line a group, the keys first.

    With `of_files`, a condition on the file of a row, that file stands before the keys.
    """
    table, keys, scan = parts[0].measured.table, parts[0].keys, _scan(parts, as_of)
    counts = [f"sum({amount})" if amount else "count(*)" for amount in scan.amounts]
    columns = [
        f"coalesce({count} FILTER (WHERE {condition}), 0)"
        for count, condition in zip(counts, scan.conditions, strict=True)
    ]
    within = scan.within
    if of_files:
        file = f"{'c' if table == 'cases' else 'f'}.filename"
        keys, within = (file, *keys), f"{file} {of_files} AND ({within})"
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    chosen = ", ".join([*keys, *columns])
    return f"SELECT {chosen} FROM {tables(scan.source, f'{chosen} {within}')} WHERE {within}{grouped}", dict(
        scan.parameters
    )


def tables(source: str, said: str) -> str:
    """Those of `source` that is asked of: each fact has its one case, which need not be looked for in vain."""
    return source if _OF_CASE.search(said) else source.partition(" JOIN ")[0]


class Named:
    """Parameters of many questions in one statement: equal ones are one, different ones of one name are numbered."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}
        self.numbers: dict[str, list[Any]] = defaultdict(list)

    def said(self, sql: str, own: Mapping[str, Any]) -> str:
        names = {name: self._name(name, value) if _OWN.match(f"${name}") else name for name, value in own.items()}
        self.parameters |= {names[name]: value for name, value in own.items()}
        return _OWN.sub(lambda found: f"${names[found[1]]}", sql)

    def _name(self, name: str, value: Any) -> str:
        known = self.numbers[name]
        if value not in known:
            known.append(value)
        return f"{name}_{known.index(value)}"


def tallied(parts: Sequence[Part], rows: Iterable[tuple[Any, ...]]) -> dict[Part, Tally]:
    """By part and key out of the lines of its statement; a group that has none of a part is not in its tally."""
    rows, width = list(rows), len(parts[0].keys)
    return {
        part: {row[:width]: row[width + place] for row in rows if not width or row[width + place]}
        for place, part in enumerate(parts)
    }


# Group → case id → how many of its rows count.
Cases = dict[tuple[Key, ...], dict[int, int]]


def cases_together(session: Session, parts: Iterable[Part], as_of: AsOf) -> dict[Part, Cases]:
    """The cases behind parts of figures, in as few scans as the figures themselves."""
    found: dict[Part, Cases] = {}
    for group in by_span(dict.fromkeys(parts)):
        found |= _cases(session, group, as_of)
    return found


def _cases(session: Session, parts: Sequence[Part], as_of: AsOf) -> dict[Part, Cases]:
    keys, scan = parts[0].keys, _scan(parts, as_of)
    columns = [f"count(*) FILTER (WHERE {condition})" for condition in scan.conditions]
    chosen = ", ".join([*keys, "c.case_id", *columns])
    # By place: a key may be an expression that another of them is a part of.
    grouped = ", ".join(str(place) for place in range(1, len(keys) + 2))
    sql = f"SELECT {chosen} FROM {scan.source} WHERE {scan.within} GROUP BY {grouped}"
    # What only an amount names is none of this statement's.
    named = {name: scan.parameters[name] for name in set(PARAMETER.findall(sql))}
    found: dict[Part, Cases] = {part: {} for part in parts}
    for row in session.ask(sql, named):
        group, case_id = row[: len(keys)], row[len(keys)]
        for part, count in zip(parts, row[len(keys) + 1 :], strict=True):
            if count:
                found[part].setdefault(group, {})[case_id] = count
    return found


def figure_of(each: Asked, tallies: Mapping[Part, Tally], as_of: AsOf) -> Figure:
    def tally(measured: Measure, by: tuple[str, ...]) -> Tally:
        found = tallies[Part(measured, each.question, each.by)]
        # Every row has its one key, so the whole is what its groups add up to.
        return found if by == each.by else {(): sum(found.values())}

    def values(by: tuple[str, ...]) -> dict[tuple[Key, ...], Value]:
        over = each.indicator.over
        return values_of(each.indicator, tally(each.indicator.of, by), tally(over, by) if over else None)

    total = values(())[()]
    dimensions = tuple(dimension(key) for key in each.by)
    return Figure(each.indicator, each.question, as_of, total, values(each.by) if each.by else {}, dimensions)
