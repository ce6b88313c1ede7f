"""遗留超期未处置件: what was filed by the period's end and, when the result was published, was late and not handled.

They are the cases of the indicator `open_late` and are kept with the publication, under its digest: each as it was
then, by number, class, department and days late; no words, no places, no persons.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chengyun.insight.evaluation import objects, schemes
from chengyun.insight.evaluation.computing import GroupResult, Result
from chengyun.insight.evaluation.models import Publication
from chengyun.insight.figures import packing
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.measuring import Question
from chengyun.insight.figures.periods import plain
from chengyun.insight.figures.scope import region_scope
from chengyun.insight.figures.together import Part, cases_together

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

PART: Final = "open_late"


@dataclass(frozen=True)
class LateCase:
    """`key` of the evaluated object; `days` are civil days of 24 hours past the deadline, None where a later deadline
    has not passed yet and the case was late before."""

    key: str
    case_id: int
    number: str
    class_name: str
    department: str
    days: float | None


def frozen(result: Result, chosen: GroupResult, facts: Session) -> list[tuple[list[str], bytes]]:
    """The part as `PublishedCases` keeps it; none for persons, of whom it cannot be told."""
    if result.kind.of == objects.POST:
        return []
    question = Question(result.span.period, region_scope(result.region_code))
    part = Part(schemes.indicator_of(PART).of, question, (result.kind.dimension,))
    found = cases_together(facts, [part], result.as_of)[part]
    ids = packing.ids_of(found, [row.key for row in chosen.rows])
    return [([PART], packing.pack(ids, _told(sorted({each for of in ids.values() for each in of}), result, facts)))]


def _told(ids: list[int], result: Result, facts: Session) -> list[list[Any]]:
    """[id, number, class, department, days late] in the order of the ids."""
    rows = facts.ask(
        f"SELECT c.case_id, c.number, {DIMENSIONS['class'].sql}, c.department_id, c.handle_due_at FROM cases c "
        "WHERE c.case_id IN (SELECT unnest($ids)) ORDER BY c.case_id",
        {"ids": ids},
    )
    classes = DIMENSIONS["class"].names({row[2] for row in rows if row[2]})
    departments = DIMENSIONS["department"].names({row[3] for row in rows if row[3]})
    at = plain(result.as_of.at)
    return [
        [case_id, number, classes.get(code, ""), departments.get(department, ""), _days(due, at)]
        for case_id, number, code, department, due in rows
    ]


def _days(due: dt.datetime | None, at: dt.datetime) -> float | None:
    """Cut to tenths, so that nothing is later than it was."""
    if due is None or due > at:
        return None
    return (at - due) // dt.timedelta(hours=2.4) / 10


def kept(publication: Publication) -> list[LateCase] | None:
    """The latest first, or None where a publication has no such list."""
    for row in publication.behind.all():
        if PART in row.parts:
            content = bytes(row.content)
            about = {case_id: rest for case_id, *rest in packing.told(content)}
            cases = [LateCase(key, each, *about[each]) for key, ids in packing.unpack(content).items() for each in ids]
            return sorted(cases, key=lambda case: (-(case.days or 0), case.case_id))
    return None
