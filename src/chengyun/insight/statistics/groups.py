"""The measured groups of a figure, put together by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.measuring import Figure, Value

Part = tuple[tuple[Key, ...], Value]
NONE: Final[Sequence[Part]] = ()


class Groups:
    """Laid out once by row and by column: a table has thousands of cells, and a search through all groups for each of
    them takes seconds.

    Whatever is added up stays in the order of the groups: sums of fractions depend on it.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._rows: dict[Key, list[Part]] = {}
        self._columns: dict[Key, list[Part]] = {}
        for keys, value in figure.groups.items():
            self._rows.setdefault(keys[0], []).append((keys, value))
            if len(keys) > 1:
                self._columns.setdefault(keys[1], []).append((keys, value))

    def merged(self, rows: Sequence[Key] | None, columns: Sequence[Key] | None) -> Value:
        """These as one; None stands for all."""
        numerator, denominator = 0.0, 0.0
        for value in self._values(rows, columns):
            numerator += value.numerator
            denominator += value.denominator or 0
        indicator = self.figure.indicator
        if indicator.over is None:
            return Value(numerator, numerator)
        factor = 100 if indicator.is_share else 1
        return Value(numerator / denominator * factor if denominator else None, numerator, denominator)

    def _values(self, rows: Sequence[Key] | None, columns: Sequence[Key] | None) -> Iterable[Value]:
        groups = self.figure.groups
        if rows is not None and columns is not None and len(rows) == len(columns) == 1:
            value = groups.get((rows[0], columns[0]))
            return () if value is None else (value,)
        found: Iterable[Part]
        if rows is not None and len(rows) == 1:
            found, rows = self._rows.get(rows[0], NONE), None
        elif columns is not None and len(columns) == 1:
            found, columns = self._columns.get(columns[0], NONE), None
        else:
            found = groups.items()
        return _narrowed(found, rows, columns)


def _narrowed(found: Iterable[Part], rows: Sequence[Key] | None, columns: Sequence[Key] | None) -> Iterable[Value]:
    chosen_rows = None if rows is None else set(rows)
    chosen_columns = None if columns is None else set(columns)
    for keys, value in found:
        if chosen_rows is not None and keys[0] not in chosen_rows:
            continue
        if chosen_columns is not None and keys[1] not in chosen_columns:
            continue
        yield value
