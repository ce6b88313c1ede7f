"""The cases behind a report's figures, kept as they were counted (`figures.packing`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chengyun.insight.figures import packing
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.measuring import Question
from chengyun.insight.figures.together import Part, cases_together

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

# Ascending case id → how many of its rows count.
Cases = Mapping[int, int]


def packed(cases: Cases) -> bytes:
    return packing.pack({"": packing.repeated(cases)})


def unpacked(content: bytes) -> dict[int, int]:
    return dict(Counter(packing.unpack(content)[""]))


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
