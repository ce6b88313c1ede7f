"""The cases behind a report's figures, kept as they were counted.

Packed: zlib over little-endian 64-bit numbers: how many cases, the differences of their ascending ids, and for each how
many of its rows count beyond the first. A year's six thousand cases take some three kilobytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.measuring import Question
from chengyun.insight.figures.together import Part, cases_together

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

NUMBERS: Final = "<i8"
# Ascending case id → how many of its rows count.
Cases = Mapping[int, int]


def packed(cases: Cases) -> bytes:
    ids = sorted(cases)
    numbers = [len(ids), *np.diff(np.array(ids, NUMBERS), prepend=0), *(cases[each] - 1 for each in ids)]
    return zlib.compress(np.array(numbers, NUMBERS).tobytes(), 9)


def unpacked(content: bytes) -> dict[int, int]:
    numbers = np.frombuffer(zlib.decompress(content), NUMBERS)
    count = int(numbers[0])
    ids, more = np.cumsum(numbers[1 : count + 1]), numbers[count + 1 :]
    return dict(zip(ids.tolist(), (more + 1).tolist(), strict=True))


@dataclass
class Counting:
    """Numbers the sets of cases while the figures are told, and gathers them from the same facts at the end."""

    _numbers: dict[tuple[Part, tuple[Key, ...]], int] = field(default_factory=dict)

    def of(self, indicator: Indicator, question: Question, by: str = "", key: Key = None) -> list[int]:
        """The numbers of numerator and, where there is one, denominator; of one group of a dimension where named."""
        measures = [indicator.of, indicator.over] if indicator.over else [indicator.of]
        dimensions, group = ((by,), (key,)) if by else ((), ())
        parts = [Part(measured, question, dimensions) for measured in measures]
        return [self._numbers.setdefault((part, group), len(self._numbers)) for part in parts]

    def sets(self, session: Session, as_of: AsOf) -> list[bytes]:
        """What is stored, by number."""
        found = cases_together(session, [part for part, _group in self._numbers], as_of)
        return [packed(found[part].get(group, {})) for part, group in self._numbers]
