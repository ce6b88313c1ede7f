"""An indicator's definition, and the one registry that screens, tables, API, Excel and reports read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chengyun.core.declarations import Text
from chengyun.insight.facts import schema


class Better(StrEnum):
    """Which way is praise; blank where a number is neither good nor bad."""

    MORE = "more"
    LESS = "less"
    NEITHER = ""


@dataclass(frozen=True)
class Measure:
    """Rows of a fact table: those whose instant `when` lies in the period and for which `where` holds.

    `where` is SQL over `f`, the row, and `c`, its case (the same for cases). It may name `$until`, the end of the
    period, and where cases are counted `$as_of`, the instant of the question: only to compare it with instants of the
    case, and only of cases that have not ended (`facts.halves`).
    Without `when` it is a stock: it says itself what counts.
    With `amount` (SQL) the rows are not counted but their amounts added up.
    """

    table: str
    when: str
    where: str = "true"
    amount: str = ""

    def __post_init__(self) -> None:
        columns = schema.TABLES[self.table]
        if self.when and self.when.partition(".")[2] not in {**columns, **schema.CASES}:
            raise ValueError(f"no column {self.when}")
        if self.table != "cases" and "$as_of" in f"{self.where} {self.amount}":
            raise ValueError(f"$as_of is asked of cases, not of {self.table}")

    def also(self, where: str) -> Measure:
        """The part of these rows for which this holds too."""
        return Measure(self.table, self.when, f"({self.where}) AND ({where})", self.amount)


@dataclass(frozen=True)
class Indicator:
    """`of` alone is a count; with `over` a share in per cent, or a mean where `of` adds amounts up."""

    key: str
    title: Text
    words: Text  # the formula as a county reads it
    unit: Text
    # Standard and clause, or «local»; STANDARDS §3 tells where a formula was found.
    source: Text
    of: Measure
    over: Measure | None = None
    better: Better = Better.NEITHER

    @property
    def is_share(self) -> bool:
        return self.over is not None and not self.of.amount

    @property
    def is_of_now(self) -> bool:
        """A stock that is not counted as of the period's end is judged by today: each period would tell the same."""
        return not self.of.when and "ended_at >= $until" not in self.of.where


_known: dict[str, Indicator] = {}


def register(indicators: Iterable[Indicator]) -> None:
    """Raises ValueError where a key is taken: one word for one thing."""
    for each in indicators:
        if each.key in _known and _known[each.key] != each:
            raise ValueError(f"indicator {each.key} is there twice")
        _known[each.key] = each


def indicators() -> list[Indicator]:
    _load()
    return list(_known.values())


def find(key: str) -> Indicator | None:
    _load()
    return _known.get(key)


def _load() -> None:
    from chengyun.insight.figures import catalogue

    register(catalogue.INDICATORS)


PER_CENT: Final = "%"
