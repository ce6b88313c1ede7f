"""An indicator measured over the facts: its value, per group when asked, and the rows behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.insight.figures.dimensions import DIMENSIONS, Dimension, Key
from chengyun.insight.figures.indicator import Indicator, Measure
from chengyun.insight.figures.periods import Period, plain
from chengyun.insight.figures.scope import EVERYTHING, Scope

if TYPE_CHECKING:  # what asks is there without the extra `insight`, what answers is not
    from chengyun.insight.facts.session import AsOf, Session

PARAMETER: Final = re.compile(r"\$(\w+)")
IN_PERIOD: Final = "{when} >= $since AND {when} < $until"


@dataclass(frozen=True)
class Question:
    """What is asked beside the indicator: when, of whom, narrowed by which keys."""

    period: Period
    scope: Scope = EVERYTHING
    where: Mapping[str, Sequence[Key]] = field(default_factory=dict)

    def narrowed(self, dimension: str, *keys: Key) -> Question:
        return replace(self, where={**self.where, dimension: keys})


@dataclass(frozen=True)
class Value:
    """`value` is None where there is nothing to divide by: no figure, not a zero."""

    value: float | None
    numerator: float
    denominator: float | None = None


@dataclass(frozen=True)
class Figure:
    """A measured indicator with all that is needed to measure it again and to open the cases behind it."""

    indicator: Indicator
    question: Question
    as_of: AsOf
    total: Value
    groups: Mapping[tuple[Key, ...], Value] = field(default_factory=dict)
    by: tuple[Dimension, ...] = ()


Tally = dict[tuple[Key, ...], float]


def measure(session: Session, indicator: Indicator, question: Question, by: Sequence[str] = (),
            as_of: AsOf | None = None) -> Figure:  # fmt: skip
    """One figure; with `by`, also for each combination of keys that occurs, groups ordered by their keys.

    `as_of` is that of a figure told before: what was overdue by then, among what is known now.
    """
    dimensions = tuple(dimension(key) for key in by)
    as_of = as_of or session.as_of()
    total = _measured(session, indicator, question, as_of, ())[()]
    if not dimensions:
        return Figure(indicator, question, as_of, total)
    groups = _measured(session, indicator, question, as_of, dimensions)
    return Figure(indicator, question, as_of, total, groups, dimensions)


def _measured(
    session: Session, indicator: Indicator, question: Question, as_of: AsOf, by: Sequence[Dimension]
) -> dict[tuple[Key, ...], Value]:
    of = _tally(session, indicator.of, question, as_of, by)
    over = _tally(session, indicator.over, question, as_of, by) if indicator.over else None
    return values_of(indicator, of, over)


def values_of(indicator: Indicator, of: Tally, over: Tally | None) -> dict[tuple[Key, ...], Value]:
    """Of each key that occurs, ordered by the keys."""
    return {key: value_of(indicator, of, over, key) for key in sorted({*of, *(over or ())}, key=_sortable)}


def dimension(key: str) -> Dimension:
    found = DIMENSIONS.get(key)
    if found is None:
        raise UserError(
            _("没有“%(key)s”这个维度，可用的有：%(known)s") % {"key": key, "known": "、".join(DIMENSIONS)}, field="by"
        )
    return found


@dataclass(frozen=True)
class Behind:
    """A case behind a figure: how many of its rows count, what they add up to, and when the last of them was."""

    case_id: int
    number: str
    rows: int
    amount: float
    at: dt.datetime | None


def behind(session: Session, measured: Measure, question: Question, as_of: AsOf, *, before: int | None = None,
           limit: int | None = None) -> list[Behind]:  # fmt: skip
    """The cases that `measured` counts, newest first; from the one below the case `before` on."""
    sql, parameters = _from(measured, question, as_of)
    condition = f" AND c.case_id < {int(before)}" if before is not None else ""
    page = f" LIMIT {int(limit)}" if limit is not None else ""
    rows = session.ask(
        f"SELECT c.case_id, c.number, count(*), {_counted(measured)}, max({_instant(measured)}) "
        f"{sql}{condition} GROUP BY c.case_id, c.number ORDER BY c.case_id DESC{page}",
        parameters,
    )
    return [Behind(case_id, number, count, amount, _aware(at)) for case_id, number, count, amount, at in rows]


def _tally(session: Session, measured: Measure, question: Question, as_of: AsOf, by: Sequence[Dimension]) -> Tally:
    sql, parameters = _from(measured, question, as_of)
    keys = [each.expression(measured.table, _instant(measured)) for each in by]
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    rows = session.ask(f"SELECT {', '.join([*keys, _counted(measured)])} {sql}{grouped}", parameters)
    return {tuple(row[:-1]): row[-1] for row in rows}


def _counted(measured: Measure) -> str:
    return f"coalesce(sum({measured.amount}), 0)" if measured.amount else "count(*)"


def _instant(measured: Measure) -> str:
    """What puts a row into the period; a stock is placed by the filing of its cases."""
    return measured.when or "c.filed_at"


def _from(measured: Measure, question: Question, as_of: AsOf) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE with the parameters that they name."""
    source, condition, parameters = from_and_where(measured, question, as_of)
    return f"FROM {source} WHERE {condition}", parameters


def from_and_where(measured: Measure, question: Question, as_of: AsOf) -> tuple[str, str, dict[str, Any]]:
    """The tables, the condition, and the parameters that the condition and the amounts name."""
    source, conditions, parameters = from_and_wheres(measured, question, as_of)
    return source, " AND ".join(conditions), parameters


def from_and_wheres(measured: Measure, question: Question, as_of: AsOf) -> tuple[str, list[str], dict[str, Any]]:
    """The same with the conditions one by one, all of which are to hold."""
    conditions = [f"({measured.where})", question.scope.sql]
    if measured.when:
        conditions.append(IN_PERIOD.format(when=measured.when))
    parameters: dict[str, Any] = {
        "since": question.period.since,
        "until": question.period.until,
        "as_of": plain(as_of.at),
        **question.scope.parameters,
    }
    narrowed, named = narrowings(question, measured.table, _instant(measured))
    conditions += narrowed
    parameters |= named
    source = "cases c" if measured.table == "cases" else f"{measured.table} f JOIN cases c USING (case_id)"
    names = {*PARAMETER.findall(" ".join(conditions)), *PARAMETER.findall(measured.amount)}
    return source, conditions, {name: value for name, value in parameters.items() if name in names}


def narrowings(question: Question, table: str, when: str) -> tuple[list[str], dict[str, Any]]:
    """What the question is narrowed by, as conditions over `f` and `c`, and the parameters that they name."""
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    for number, (key, wanted) in enumerate(question.where.items()):
        condition, named = _narrowing(dimension(key).expression(table, when), f"where_{number}", wanted)
        conditions.append(condition)
        parameters |= named
    return conditions, parameters


def _narrowing(expression: str, name: str, wanted: Sequence[Key]) -> tuple[str, dict[str, Any]]:
    """One of these keys; a blank key is a row that has none."""
    parts = []
    named = {f"{name}_{place}": key for place, key in enumerate(wanted) if key not in (None, "")}
    if named:
        parts.append(f"{expression} IN ({', '.join('$' + each for each in named)})")
    if len(named) < len(wanted):
        parts.append(f"coalesce(CAST({expression} AS VARCHAR), '') = ''")
    return f"({' OR '.join(parts)})" if parts else "false", named


def value_of(indicator: Indicator, of: Tally, over: Tally | None, key: tuple[Key, ...]) -> Value:
    numerator = of.get(key, 0)
    if over is None:
        return Value(numerator, numerator)
    denominator = over.get(key, 0)
    if not denominator:
        return Value(None, numerator, denominator)
    return Value(numerator / denominator * (100 if indicator.is_share else 1), numerator, denominator)


def _sortable(key: tuple[Key, ...]) -> tuple[tuple[bool, str | float], ...]:
    """Blank keys last; numbers and words are not compared with each other."""
    return tuple((part is None, part if part is not None else "") for part in key)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC) if moment else None
