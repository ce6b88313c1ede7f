"""How long cases stay in each timed stage: half of them at most so long, nine of ten at most so long.

Wall hours of the rounds that ended in the period, from their beginning until their clock came to a stand; a round is a
case's stay in a stage, and a case that comes back has another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy

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
# What of the stays a figure is about: in words, and as a condition over them.
PARTS: Final = {
    "": (gettext_lazy("全部"), "true"),
    "late": (gettext_lazy("超时"), "is_late"),
    "median": (gettext_lazy("不短于中位数"), "hours >= (SELECT quantile_cont(hours, 0.5) FROM stays)"),
    "p90": (gettext_lazy("不短于 P90"), "hours >= (SELECT quantile_cont(hours, 0.9) FROM stays)"),
}


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


def behind(
    session: Session, question: Question, clock: str, departments: Sequence[Key] = (), part: str = ""
) -> dict[int, int]:
    """The cases of these stays with how many each has: with `part` those that were late, or at least as long as half
    or nine tenths of them; with `departments` those before one of them, None meaning before none."""
    condition, parameters = narrowed("rounds", "f.ended_at", question)
    known = [key for key in departments if key is not None]
    lay = ["list_contains($departments::BIGINT[], f.department_id)"] if known else []
    lay += ["f.department_id IS NULL"] if None in departments else []
    sql = f"""
        WITH stays AS (
            SELECT c.case_id, {HOURS} AS hours, {LATE} AS is_late FROM rounds f JOIN cases c USING (case_id)
             WHERE {ENDED} AND {condition} AND f.clock = $clock AND ({" OR ".join(lay) or "true"}))
        SELECT case_id, count(*) FROM stays WHERE {PARTS[part][1]} GROUP BY 1"""
    more = {"departments": known} if known else {}
    return dict(session.ask(sql, {**parameters, **more, "clock": clock}))
