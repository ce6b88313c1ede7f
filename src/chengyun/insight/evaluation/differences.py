"""What would be otherwise if a published result were measured now: object by object, line by line, with the cases that
came and left. Looks, changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from chengyun.insight.evaluation import publishing, schemes
from chengyun.insight.evaluation.computing import BESIDE, Result, Row, evaluate
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.figures import packing

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

OF, OVER = "of", "over"
# As many cases of a difference are named; a page is no list of a year.
MOST_NAMED: Final = 50


@dataclass(frozen=True)
class Moved:
    """Case ids that one measured part counts now and did not count then, and the other way round."""

    came: tuple[int, ...]
    left: tuple[int, ...]


@dataclass(frozen=True)
class LineDifference:
    """`place` of the line in the scheme, or `beside` (late, exempted). Values as a published row's `figures`."""

    place: int | None
    beside: str
    was: Mapping[str, Any]
    now: Mapping[str, Any]
    parts: Mapping[str, Moved]


@dataclass(frozen=True)
class RowDifference:
    """An object of which something is otherwise. Without `was` it is new, without `now` it is there no more."""

    key: str
    name: str
    was: PublishedRow | None
    now: Row | None
    lines: tuple[LineDifference, ...]

    @property
    def totals(self) -> tuple[Decimal | None, Decimal | None]:
        return self.was.total if self.was else None, self.now.total if self.now else None


@dataclass(frozen=True)
class Differences:
    as_of: AsOf
    rows: tuple[RowDifference, ...]
    compared: int


def compared(publication: Publication, *, facts: Session | None = None) -> Differences:
    """By the scheme that the publication keeps, so that only what happened to the cases tells."""
    from chengyun.insight.facts.session import session

    facts = facts or session()
    plan = schemes.frozen(publication.scheme)
    span = publishing.span_of(publication)
    result = evaluate(publication.kind, span, region_code=publication.region_code, plan=plan, facts=facts)
    chosen = result.group(publication.group)
    then = _kept(publication)
    now = {
        part: ids for parts, ids in publishing.cases_behind(result, chosen, facts) for part in parts
    }  # fmt: skip
    old = {row.key: row for row in publication.rows.all()}
    new = {str(row.key): row for row in chosen.rows}
    found = []
    for key in [*old, *(key for key in new if key not in old)]:
        lines = _lines(result, key, old.get(key), new.get(key), then, now)
        was, is_now = old.get(key), new.get(key)
        if lines or was is None or is_now is None or was.rank != is_now.rank:
            named = was or is_now
            assert named is not None
            found.append(RowDifference(key, named.name, was, is_now, tuple(lines)))
    return Differences(result.as_of, tuple(found), len({*old, *new}))


def _kept(publication: Publication) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    for row in publication.behind.all():
        ids = packing.unpack(bytes(row.content))
        found |= dict.fromkeys(row.parts, ids)
    return found


Behind = Mapping[str, Mapping[str, Sequence[int]]]


def _lines(
    result: Result, key: str, was: PublishedRow | None, now: Row | None, then: Behind, fresh: Behind
) -> list[LineDifference]:
    found = []
    for place, figure in enumerate(result.figures):
        names = [OF, OVER] if figure.indicator.over else [OF]
        parts = {name: publishing.part_name(place, name) for name in names}
        moved = _moved(key, parts, then, fresh)
        old = was.figures[place] if was else {}
        new = publishing.row_content(now)["figures"][place] if now else {}
        if moved or not _same(old, new):
            found.append(LineDifference(place, "", old, new, moved))
    for title in BESIDE if result.beside else ():
        moved = _moved(key, {OF: title}, then, fresh)
        if moved:
            values = ({"value": getattr(each, title, None)} for each in (was, now))
            found.append(LineDifference(None, title, next(values), next(values), moved))
    return found


def _moved(key: str, parts: Mapping[str, str], then: Behind, now: Behind) -> dict[str, Moved]:
    found = {}
    for name, part in parts.items():
        old, new = Counter(then.get(part, {}).get(key, ())), Counter(now.get(part, {}).get(key, ()))
        if old != new:
            found[name] = Moved(tuple(sorted((new - old).elements())), tuple(sorted((old - new).elements())))
    return found


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Amounts are added up in another order each time."""
    pairs = [(old.get(name), new.get(name)) for name in ("numerator", "denominator")]
    return all(a == b or (a is not None and b is not None and abs(a - b) <= 1e-9 * max(1.0, abs(a))) for a, b in pairs)
