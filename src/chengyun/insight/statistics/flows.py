"""From department to department: each case that was first dispatched in the period, followed to where it is now.

A step that names a department (派遣, 裁定) sends the case there; being returned and named to the next is one move, so
that a second department stands to the right of the first. Whoever has it last has an end: what became of it there.
What comes into a department either leaves it for another or ends with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.measuring import Question
from chengyun.insight.statistics.narrowing import narrowed
from chengyun.insight.statistics.pivot import named

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

SOURCE: Final = "source"
ENDS: Final = {
    "done": gettext_lazy("已处置"),
    "working": gettext_lazy("办理中"),
    "waiting": gettext_lazy("退回待派"),
    "suspended": gettext_lazy("挂账"),
    "dropped": gettext_lazy("作废、并案"),
}
# What became of the case, from what it is now; `filed` and `returning` are on the way to the next department.
END_SQL: Final = """CASE WHEN c.stage IN ('void', 'merged', 'refused') THEN 'dropped'
    WHEN c.stage = 'suspended' THEN 'suspended'
    WHEN c.fed_back_at IS NOT NULL OR c.stage = 'closed' THEN 'done'
    WHEN c.stage IN ('filed', 'returning') THEN 'waiting' ELSE 'working' END"""
# Drawn apart at each place; the others are one.
MOST_DRAWN: Final = 8
OTHERS: Final = -1


@dataclass(frozen=True)
class Path:
    """So many cases went through these departments, and ended so."""

    departments: tuple[int, ...]
    end: str
    cases: int


@dataclass(frozen=True)
class Link:
    """`source` and `target` are nodes: SOURCE, (place, department), or an end."""

    source: Any
    target: Any
    cases: int


@dataclass(frozen=True)
class Move:
    """From one department to another, wherever on the way."""

    source: int
    target: int
    cases: int


def paths(session: Session, question: Question) -> list[Path]:
    sql, parameters = _paths(question)
    rows = session.ask(f"{sql} SELECT way, ending, count(*) FROM ways GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2", parameters)
    return [Path(tuple(way), ending, cases) for way, ending, cases in rows]


def behind(session: Session, question: Question, source: int | None, target: int | None, end: str = "") -> list[int]:
    """The cases that went from `source` straight to `target`; with `end`, that ended so with `source`."""
    sql, parameters = _paths(question)
    conditions = ["true"]
    if source is not None and target is not None:
        conditions = ["len(list_filter(range(1, len(way)), lambda n: way[n] = $source AND way[n + 1] = $target)) > 0"]
        parameters |= {"source": source, "target": target}
    elif source is not None:
        conditions = ["way[-1] = $source"]
        parameters |= {"source": source}
    if end:
        conditions.append("ending = $ending")
        parameters |= {"ending": end}
    rows = session.ask(f"{sql} SELECT case_id FROM ways WHERE {' AND '.join(conditions)}", parameters)
    return [case_id for (case_id,) in rows]


def _paths(question: Question) -> tuple[str, dict[str, Any]]:
    condition, parameters = narrowed("cases", "c.dispatched_at", question)
    sql = f"""
        WITH ways AS (
            SELECT c.case_id, list(s.to_department_id ORDER BY s.seq) AS way, any_value({END_SQL}) AS ending
              FROM cases c JOIN steps s ON s.case_id = c.case_id
             WHERE s.to_department_id IS NOT NULL AND NOT s.is_undone
               AND c.dispatched_at >= $since AND c.dispatched_at < $until AND {condition}
             GROUP BY c.case_id)"""
    return sql, parameters


def links(found: Iterable[Path]) -> list[Link]:
    """All paths laid over each other: what a Sankey draws. In and out are equal at every department."""
    counts: Counter[tuple[Any, Any]] = Counter()
    for path in found:
        nodes: list[Any] = [SOURCE, *enumerate(path.departments, 1), path.end]
        for source, target in zip(nodes, nodes[1:], strict=False):
            counts[source, target] += path.cases
    return [Link(source, target, cases) for (source, target), cases in counts.items()]


def moves(found: Iterable[Path]) -> list[Move]:
    """From one department to the next, the most frequent first."""
    counts: Counter[tuple[int, int]] = Counter()
    for path in found:
        ways = set(zip(path.departments, path.departments[1:], strict=False))
        for source, target in ways:
            counts[source, target] += path.cases
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Move(source, target, cases) for (source, target), cases in ordered]


def gathered(found: Sequence[Path]) -> list[Path]:
    """With the small departments of each place as one, so that the drawing can be read."""
    sizes: dict[int, Counter[int]] = {}
    for path in found:
        for place, department in enumerate(path.departments):
            sizes.setdefault(place, Counter())[department] += path.cases
    drawn = {place: {key for key, _size in size.most_common(MOST_DRAWN)} for place, size in sizes.items()}
    counts: Counter[tuple[tuple[int, ...], str]] = Counter()
    for path in found:
        way = tuple(each if each in drawn[place] else OTHERS for place, each in enumerate(path.departments))
        counts[way, path.end] += path.cases
    return [Path(way, end, cases) for (way, end), cases in counts.items()]


def drawn(found: Sequence[Path]) -> dict[str, Any]:
    """{"nodes": [{"name", "label", "depth"}], "links": [{"source", "target", "value"}]} for <flow-chart>."""
    told = links(gathered(found))
    departments: list[Key] = sorted({path for each in found for path in each.departments})
    names = named("department", departments) | {OTHERS: _("其他部门")}
    nodes = dict.fromkeys(node for link in told for node in (link.source, link.target))
    last = max((len(path.departments) for path in found), default=0) + 1
    return {
        "nodes": [{"name": str(node), "label": _label(node, names), "depth": _depth(node, last)} for node in nodes],
        "links": [{"source": str(each.source), "target": str(each.target), "value": each.cases} for each in told],
    }


def _label(node: Any, names: dict[Key, str]) -> str:
    if node == SOURCE:
        return _("派遣")
    return names[node[1]] if isinstance(node, tuple) else str(ENDS[node])


def _depth(node: Any, last: int) -> int:
    if node == SOURCE:
        return 0
    return node[0] if isinstance(node, tuple) else last
