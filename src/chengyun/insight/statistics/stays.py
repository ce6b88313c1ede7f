"""How long cases stay in each timed stage: half of them at most so long, nine of ten at most so long.

Wall hours of the rounds that ended in the period, from their beginning until their clock came to a stand; a round is a
case's stay in a stage, and a case that comes back has another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chengyun.casework.cases.workflow import CLOCK_TITLES
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.measuring import Question
from chengyun.insight.statistics.narrowing import narrowed
from chengyun.insight.statistics.pivot import named

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

HANDLE = "handle"
ENDED = "f.ended_at >= $since AND f.ended_at < $until AND NOT f.is_paused"
HOURS = "epoch(f.ended_at - f.begun_at) / 3600"
LATE = "f.ended_at > f.due_at AND NOT f.is_exempt"


@dataclass(frozen=True)
class Stay:
    key: Key
    name: str
    count: int
    median: float
    p90: float
    late: int

    @property
    def late_share(self) -> float:
        return self.late / self.count * 100


def by_stage(session: Session, question: Question) -> list[Stay]:
    """In the order in which the stages are listed everywhere."""
    found = {row[0]: row for row in _measured(session, question, "f.clock")}
    return [Stay(key, str(title), *found[key][1:]) for key, title in CLOCK_TITLES.items() if key in found]


def by_department(session: Session, question: Question) -> list[Stay]:
    """The handling stage, by the department before which the case lay; the most work first."""
    rows = _measured(session, question, "f.department_id", f"f.clock = '{HANDLE}'")
    names = named("department", [row[0] for row in rows])
    return [Stay(row[0], names[row[0]], *row[1:]) for row in rows]


def _measured(session: Session, question: Question, key: str, also: str = "true") -> Sequence[tuple[Any, ...]]:
    condition, parameters = narrowed("rounds", "f.ended_at", question)
    sql = f"""
        SELECT {key}, count(*), quantile_cont({HOURS}, 0.5), quantile_cont({HOURS}, 0.9), count(*) FILTER (WHERE {LATE})
          FROM rounds f JOIN cases c USING (case_id)
         WHERE {ENDED} AND {condition} AND {also} GROUP BY 1 ORDER BY 2 DESC, 1"""
    return session.ask(sql, parameters)


def behind(session: Session, question: Question, clock: str, department: Key = None) -> list[int]:
    """The cases of these rounds."""
    condition, parameters = narrowed("rounds", "f.ended_at", question)
    also, more = "true", dict[str, Any]()
    if department is not None:
        also, more = "f.department_id = $department", {"department": department}
    sql = f"""SELECT DISTINCT c.case_id FROM rounds f JOIN cases c USING (case_id)
               WHERE {ENDED} AND {condition} AND f.clock = $clock AND {also}"""
    return [case_id for (case_id,) in session.ask(sql, {**parameters, **more, "clock": clock})]
