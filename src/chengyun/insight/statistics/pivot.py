"""A question answered: rows, columns, shares, comparisons, the rest as one row; the same for page, API and Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.utils.translation import gettext as _

from chengyun.insight.figures.asking import ask_many
from chengyun.insight.figures.dimensions import DIMENSIONS, Key
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.measuring import Figure, Value
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.sight import names_for
from chengyun.insight.statistics import periods
from chengyun.insight.statistics.asked import Asked, Where
from chengyun.insight.statistics.groups import Groups
from chengyun.people.access import SYSTEM, Actor

# More rows nobody reads on a page, more columns no page holds: what is beyond stands as the rest.
MOST_ROWS: Final = 300
MOST_COLUMNS: Final = 24
BEFORE: Final[dict[str, Callable[[Period], Period]]] = {"year": periods.year_before, "before": periods.just_before}


@dataclass(frozen=True)
class Change:
    """Beside a value, what it was: `by` in per cent of a number, in points of a share; None where it cannot be said."""

    then: Value
    by: float | None
    is_points: bool


@dataclass(frozen=True)
class Cell:
    indicator: Indicator
    value: Value
    # By which keys it is narrower than the question; several where it is the rest.
    where: Where
    # Of the column's total, in per cent; only of what adds up.
    share: float | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    name: str
    key: Key
    cells: tuple[Cell, ...]
    # Two dimensions: the row's own total.
    total: Cell | None = None
    is_rest: bool = False


@dataclass(frozen=True)
class Column:
    name: str
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Answer:
    # Who asked it, within whose scope it is.
    reader: Actor
    asked: Asked
    figures: Mapping[str, Figure]
    compared: Mapping[str, Period]
    rows: tuple[Row, ...]
    # Of the second dimension; empty with one.
    columns: tuple[Column, ...]
    totals: tuple[Cell, ...]
    total: Cell | None

    @property
    def first(self) -> Figure:
        return self.figures[self.asked.indicators[0].key]


def adds_up(indicator: Indicator) -> bool:
    return indicator.over is None


def usual_order(asked: Asked) -> str:
    """Time runs on; the first few of anything are those with most, of months as of townships."""
    return "key" if asked.rows in periods.TIMELY and not asked.top else "-value"


def answered(actor: Actor, asked: Asked) -> Answer:
    """Raises UserError where figures cannot be told, NotAllowed where not to this person."""
    keys = [each.key for each in asked.indicators]
    figures = ask_many(actor, keys, asked.period, where=asked.where, by=asked.by)
    compared = {name: BEFORE[name](asked.period) for name in asked.compare}
    # Against what was, only rows are compared: a cross of two dimensions has enough figures already.
    then = {
        name: ask_many(actor, keys, period, where=asked.where, by=(asked.rows,)) for name, period in compared.items()
    }
    return _Laying(actor, asked, figures, compared, then).answer()


class _Laying:
    """Puts the measured groups into rows and columns."""

    def __init__(
        self, actor: Actor, asked: Asked, figures: Mapping[str, Figure], compared: Mapping[str, Period],
        then: Mapping[str, Mapping[str, Figure]],
    ) -> None:  # fmt: skip
        self.actor, self.asked = actor, asked
        self.figures, self.compared = figures, compared
        self.then = {name: {key: Groups(each) for key, each in told.items()} for name, told in then.items()}
        self.groups = {key: Groups(figure) for key, figure in figures.items()}
        self.lead = self.groups[asked.indicators[0].key]
        # For each comparison, the key that a row had then.
        self.earlier = {name: _beside(asked.rows, asked.period, period) for name, period in compared.items()}

    def answer(self) -> Answer:
        alone, rest = self._row_keys()
        names = named(self.asked.rows, alone)
        columns = self._columns() if self.asked.columns else ()
        rows = [self._row(names[key], [key], columns) for key in alone]
        if rest:
            rows.append(replace(self._row(_("其他 %d 项") % len(rest), rest, columns), is_rest=True, key=None))
        if columns:
            totals = tuple(self._cell(self.lead, None, column.keys) for column in columns)
            return self._answer(rows, columns, totals, self._whole(self.lead.figure))
        totals = tuple(self._whole(self.figures[each.key]) for each in self.asked.indicators)
        return self._answer(rows, (), totals, None)

    def _answer(
        self, rows: Sequence[Row], columns: tuple[Column, ...], totals: tuple[Cell, ...], total: Cell | None
    ) -> Answer:
        return Answer(self.actor, self.asked, self.figures, self.compared, tuple(rows), columns, totals, total)

    # --- which rows, which columns ---

    def _row_keys(self) -> tuple[list[Key], list[Key]]:
        found = self._found_keys(0)
        dimension = self.asked.rows
        if dimension in periods.TIMELY:
            filled = list(periods.keys_of(dimension, self.asked.period))
            keys = [*filled, *_beyond(filled, found)]
        else:
            keys = found
        keys = self._sorted(keys, usual_order(self.asked))
        most = self.asked.top or (MOST_ROWS * 2 if dimension in periods.TIMELY else MOST_ROWS)
        return keys[:most], keys[most:]

    def _found_keys(self, place: int) -> list[Key]:
        parts = {part[place] for figure in self.figures.values() for part in figure.groups}
        return sorted(parts, key=lambda key: (key in (None, ""), str(type(key)), key or 0))

    def _sorted(self, keys: list[Key], usual: str) -> list[Key]:
        order = self.asked.sort or usual
        if order == "key":
            return keys
        values = {key: self.lead.merged([key], None).value for key in keys}
        missing = [key for key in keys if values[key] is None]
        known = [key for key in keys if values[key] is not None]
        return sorted(known, key=lambda key: values[key] or 0, reverse=order == "-value") + missing

    def _columns(self) -> tuple[Column, ...]:
        keys = self._found_keys(1)
        if self.asked.columns in periods.TIMELY:
            filled = list(periods.keys_of(self.asked.columns, self.asked.period))
            keys = [*filled, *_beyond(filled, keys)]
        else:
            size = {key: self.lead.merged(None, [key]).numerator for key in keys}
            keys.sort(key=lambda key: -size[key])
        alone, rest = (keys, []) if len(keys) <= MOST_COLUMNS else (keys[: MOST_COLUMNS - 1], keys[MOST_COLUMNS - 1 :])
        names = named(self.asked.columns, alone)
        columns = [Column(names[key], (key,)) for key in alone]
        return (*columns, Column(_("其他 %d 项") % len(rest), tuple(rest))) if rest else tuple(columns)

    # --- cells ---

    def _row(self, name: str, keys: Sequence[Key], columns: Sequence[Column]) -> Row:
        if columns:
            cells = tuple(self._cell(self.lead, keys, column.keys) for column in columns)
            return Row(name, keys[0], cells, self._row_total(self.lead, keys))
        cells = tuple(self._row_total(self.groups[each.key], keys) for each in self.asked.indicators)
        return Row(name, keys[0], cells)

    def _cell(self, groups: Groups, rows: Sequence[Key] | None, columns: Sequence[Key]) -> Cell:
        where: dict[str, Sequence[Key]] = {self.asked.columns: columns}
        if rows is not None:
            where[self.asked.rows] = rows
        return Cell(groups.figure.indicator, groups.merged(rows, columns), where)

    def _row_total(self, groups: Groups, keys: Sequence[Key]) -> Cell:
        figure, value = groups.figure, groups.merged(keys, None)
        share = None
        if adds_up(figure.indicator) and figure.total.numerator:
            share = value.numerator / figure.total.numerator * 100
        changes = {name: self._change(figure.indicator, value, name, keys) for name in self._told(figure)}
        return Cell(figure.indicator, value, {self.asked.rows: keys}, share, changes)

    def _whole(self, figure: Figure) -> Cell:
        changes = {
            name: change(figure.indicator, figure.total, self.then[name][figure.indicator.key].figure.total)
            for name in self._told(figure)
        }
        share = 100.0 if adds_up(figure.indicator) and figure.total.numerator else None
        return Cell(figure.indicator, figure.total, {}, share, changes)

    def _told(self, figure: Figure) -> list[str]:
        return [] if figure.indicator.is_of_now else list(self.compared)

    def _change(self, indicator: Indicator, value: Value, name: str, keys: Sequence[Key]) -> Change:
        earlier = self.earlier[name]
        was = [earlier(key) for key in keys]
        then = self.then[name][indicator.key]
        return change(indicator, value, then.merged([key for key in was if key is not NOTHING], None))


NOTHING: Final = object()


def _beyond(known: Sequence[Key], found: Sequence[Key]) -> list[Key]:
    """What was found beside what is known."""
    among = set(known)
    return [key for key in found if key not in among]


def _beside(dimension: str, period: Period, compared: Period) -> Callable[[Key], Key]:
    """Of a dated dimension the nth key stands beside the nth of the other period; else the same key."""
    if dimension not in periods.DATED:
        return lambda key: key
    pairs = dict(
        zip(periods.keys_of(dimension, period), periods.keys_of(dimension, compared), strict=False)
    )  # a leap day has none
    return lambda key: pairs.get(key, NOTHING)


def change(indicator: Indicator, now: Value, then: Value) -> Change:
    if now.value is None or then.value is None:
        return Change(then, None, indicator.is_share)
    if indicator.is_share:
        return Change(then, now.value - then.value, True)
    return Change(then, (now.value - then.value) / then.value * 100 if then.value else None, False)


def named(dimension: str, keys: Sequence[Key], *, by: Actor = SYSTEM) -> dict[Key, str]:
    """`by` is the reader, where the keys are not counted within his scope but typed."""
    known = names_for(by, DIMENSIONS[dimension], keys)
    return {key: str(known.get(key, _("未填") if key in (None, "") else key)) for key in keys}
