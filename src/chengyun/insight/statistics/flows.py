"""From department to department: each case that was first dispatched in the period, followed to where it is now.

A step that names a department (派遣, 裁定) sends the case there; being returned and named to the next is one move, so
that a second department stands to the right of the first. Whoever has it last has an end: what became of it there.
What comes into a department either leaves it for another or ends with it. Nodes are SOURCE, (place, department), the
first place being 1, or an end; they and what is drawn between two of them open their cases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
NODE: Final = re.compile(r"([1-9][0-9]{0,5})\.(-1|[0-9]{1,18})", re.ASCII)


Node = Any
# Cases behind a figure, and how often each counts.
Cases = dict[int, int]


@dataclass(frozen=True)
class Path:
    """So many cases went through these departments, and ended so."""

    departments: tuple[int, ...]
    end: str
    cases: int


@dataclass(frozen=True)
class Link:
    source: Node
    target: Node
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


def behind_move(session: Session, question: Question, source: int, target: int) -> Cases:
    """The cases that went from `source` straight to `target`, wherever on the way."""
    condition = "len(list_filter(range(1, len(way)), lambda n: way[n] = $source AND way[n + 1] = $target)) > 0"
    return _cases(session, question, condition, source=source, target=target)


def behind_moved(session: Session, question: Question) -> Cases:
    """The cases that more than one department had."""
    return _cases(session, question, "len(way) > 1")


def behind_drawn(session: Session, question: Question, source: Node, target: Node | None = None) -> Cases:
    """The cases of a drawn node; with `target`, of what is drawn from `source` to it."""
    nodes = [source] if target is None else [source, target]
    apart = _drawn_apart(paths(session, question)) if any(_is_others(node) for node in nodes) else {}
    conditions = [_at(node, apart) for node in nodes]
    if isinstance(source, tuple) and target in ENDS:
        conditions.append(f"len(way) = {source[0]}")
    return _cases(session, question, " AND ".join(conditions))


def _at(node: Node, apart: Mapping[int, Collection[int]]) -> str:
    """SQL: the case went through `node`."""
    if not isinstance(node, tuple):
        return "true" if node == SOURCE else f"ending = '{node}'"
    place, department = map(int, node)
    if not _is_others(node):
        return f"way[{place}] = {department}"
    return f"len(way) >= {place} AND NOT list_contains({sorted(apart.get(place, ()))}::BIGINT[], way[{place}])"


def _cases(session: Session, question: Question, condition: str, **more: Any) -> Cases:
    sql, parameters = _paths(question)
    rows = session.ask(f"{sql} SELECT case_id FROM ways WHERE {condition}", parameters | more)
    return {case_id: 1 for (case_id,) in rows}


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
    apart = _drawn_apart(found)
    counts: Counter[tuple[tuple[int, ...], str]] = Counter()
    for path in found:
        way = tuple(each if each in apart[place] else OTHERS for place, each in enumerate(path.departments, 1))
        counts[way, path.end] += path.cases
    return [Path(way, end, cases) for (way, end), cases in counts.items()]


def _drawn_apart(found: Iterable[Path]) -> dict[int, set[int]]:
    """By place."""
    sizes: dict[int, Counter[int]] = {}
    for path in found:
        for place, department in enumerate(path.departments, 1):
            sizes.setdefault(place, Counter())[department] += path.cases
    return {place: {key for key, _size in size.most_common(MOST_DRAWN)} for place, size in sizes.items()}


def _is_others(node: Node) -> bool:
    return isinstance(node, tuple) and node[1] == OTHERS


def drawn_links(found: Sequence[Path]) -> list[Link]:
    """What is drawn, from left to right, the most cases first."""
    last = _last(found)
    return sorted(links(gathered(found)), key=lambda each: (_depth(each.source, last), -each.cases))


def drawn(found: Sequence[Path], address: Callable[[Node, Node | None], str]) -> dict[str, Any]:
    """{"nodes": [{"name", "label", "depth", "href"}], "links": [{"source", "target", "value", "href"}]}, for
    <flow-chart>. `address` is that of the cases of a node, or of what goes from one to another."""
    told = drawn_links(found)
    nodes = dict.fromkeys(node for link in told for node in (link.source, link.target))
    labels, last = labels_of(nodes), _last(found)
    return {
        "nodes": [
            {"name": written(node), "label": labels[node], "depth": _depth(node, last), "href": address(node, None)}
            for node in nodes
        ],
        "links": [
            {
                "source": written(each.source),
                "target": written(each.target),
                "value": each.cases,
                "href": address(each.source, each.target),
            }
            for each in told
        ],
    }


def labels_of(nodes: Iterable[Node]) -> dict[Node, str]:
    nodes = list(nodes)
    departments: list[Key] = sorted({node[1] for node in nodes if isinstance(node, tuple)})
    names = named("department", departments) | {OTHERS: _("其他部门")}
    words = {SOURCE: _("派遣"), **{end: str(title) for end, title in ENDS.items()}}
    return {node: names[node[1]] if isinstance(node, tuple) else words[node] for node in nodes}


def written(node: Node) -> str:
    """As an address has it."""
    return f"{node[0]}.{node[1]}" if isinstance(node, tuple) else str(node)


def read_node(text: str) -> Node:
    """Raises ValueError where it is none."""
    if text == SOURCE or text in ENDS:
        return text
    found = NODE.fullmatch(text)
    if not found:
        raise ValueError(text)
    return int(found[1]), int(found[2])


def _last(found: Iterable[Path]) -> int:
    return max((len(path.departments) for path in found), default=0) + 1


def _depth(node: Node, last: int) -> int:
    if node == SOURCE:
        return 0
    return int(node[0]) if isinstance(node, tuple) else last
