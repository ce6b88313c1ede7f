"""The census in figures, counted once while the register stands still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from chengyun.assets.models import State
from chengyun.assets.queries import Heap, heaps, part_classes
from chengyun.assets.services import stamp
from chengyun.regions.queries import townships

KEEP_S = 3600


@dataclass(frozen=True)
class Row:
    """A class, major class or township: how many stand there, how many in each state, and the list behind it."""

    title: str
    code: str
    counts: Counter[str]
    query: str

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def cells(self) -> list[tuple[int, str]]:
        """(count, query of the list behind it) for each state in the standard's order."""
        return [(self.counts[state], f"{self.query}&state={state}") for state in State.values]


@dataclass(frozen=True)
class Summary:
    states: list[str]
    total: int
    classes: list[Row]
    townships: list[Row]


def summary() -> Summary:
    found = _counted()
    names = {code: minor.name for code, minor in part_classes().items()}
    places = dict(townships())
    return Summary(
        states=[str(label) for label in State.labels],
        total=sum(heap.count for heap in found),
        classes=_rows(found, "class_code", "minor", names),
        townships=_rows(found, "township_code", "township", places),
    )


def standing(region: str = "") -> list[Heap]:
    """The register's heaps; with `region` those of the townships whose code begins so."""
    return [heap for heap in _counted() if heap.township_code.startswith(region)]


def _counted() -> list[Heap]:
    kept: Any = cache.get_or_set(f"assets.heaps.{stamp.serial()}", heaps, KEEP_S)
    return list(kept)


def _rows(found: Iterable[Heap], column: str, filter_name: str, names: dict[str, str]) -> list[Row]:
    counts: dict[str, Counter[str]] = {}
    for heap in found:
        counts.setdefault(getattr(heap, column), Counter())[heap.state] += heap.count
    return [Row(names.get(code, code), code, each, f"{filter_name}={code}") for code, each in sorted(counts.items())]
