"""What the risk is learnt from and told of, read from the facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from chengyun.insight.figures.catalogue import LATE
from chengyun.insight.figures.scope import Scope
from chengyun.insight.statistics.risk import GROUPS, Cases

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

# Younger cases are left out: of them mostly those are over that were quick.
RIPE: Final = dt.timedelta(days=14)
REMEMBERED: Final = dt.timedelta(days=730)
MOST: Final = 400_000

COLUMNS: Final = """
    c.case_id, c.standard || '/' || c.kind || '/' || c.class_code, c.department_id, c.township_code, c.source,
    hour(c.filed_at + INTERVAL 8 HOUR) // 3, isodow(c.filed_at + INTERVAL 8 HOUR), epoch(c.filed_at)"""


@dataclass(frozen=True)
class Read:
    case_ids: list[int]
    cases: Cases
    rest: list[tuple[Any, ...]]


def known(session: Session, at: dt.datetime) -> tuple[Read, NDArray[np.bool_]]:
    """Cases of which it is known whether they were handled late, as filed."""
    sql = f"""
        SELECT {COLUMNS}, {LATE} FROM cases c
         WHERE c.filed_at >= $since AND c.filed_at < $ripe AND c.department_id IS NOT NULL
           AND c.stage NOT IN ('void', 'merged', 'suspended')
           AND (c.fed_back_at IS NOT NULL OR c.stage = 'closed' OR coalesce({LATE}, false))
         ORDER BY c.filed_at, c.case_id LIMIT {MOST}"""
    naive = at.astimezone(dt.UTC).replace(tzinfo=None)
    asked = {"since": naive - REMEMBERED, "ripe": naive - RIPE, "as_of": naive}
    rows = session.ask(sql, asked)
    return _read(session, rows), np.array([bool(row[8]) for row in rows], dtype=bool)


def open_now(session: Session, at: dt.datetime, scope: Scope) -> Read:
    """Cases before a department whose handling is not late yet, with their deadline."""
    sql = f"""
        SELECT {COLUMNS}, c.handle_due_at FROM cases c
         WHERE c.stage IN ('dispatched', 'handling', 'returning') AND c.department_id IS NOT NULL
           AND c.handle_due_at IS NOT NULL AND NOT coalesce({LATE}, false) AND {scope.sql}"""
    naive = at.astimezone(dt.UTC).replace(tzinfo=None)
    return _read(session, session.ask(sql, {"as_of": naive, **scope.parameters}))


def _read(session: Session, rows: list[tuple[Any, ...]]) -> Read:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 9
    keys = {name: [_text(value) for value in columns[1 + place]] for place, name in enumerate(GROUPS)}
    load = _loads(session, keys["department"], np.array(columns[7], dtype=float))
    return Read(list(columns[0]), Cases(keys, load), rows)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _loads(session: Session, departments: list[str], filed: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many cases the department had before it at each of these instants."""
    rows = session.ask(
        """SELECT department_id, list(epoch(filed_at) ORDER BY filed_at),
                  list(epoch(coalesce(fed_back_at, ended_at)) ORDER BY coalesce(fed_back_at, ended_at))
                  FILTER (WHERE coalesce(fed_back_at, ended_at) IS NOT NULL)
             FROM cases WHERE department_id IS NOT NULL AND filed_at IS NOT NULL GROUP BY 1"""
    )
    load = np.zeros(len(departments))
    mine = np.array(departments, dtype=str)
    for department, began, ended in rows:
        here = mine == str(department)
        if here.any():
            at = filed[here]
            load[here] = np.searchsorted(began, at, "left") - np.searchsorted(ended or [], at, "right")
    return np.maximum(load, 0)
