"""Rows of queues and lists: a case with its lamp and the time that it has left, counted as its clock counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache, partial

from django.utils.translation import get_language

from chengyun.casework.cases.listed import ListedCase
from chengyun.casework.cases.models import Case, Source
from chengyun.casework.cases.workflow import Stage
from chengyun.core.calendars import working_calendar
from chengyun.core.worktime import Calendar, Unit, remaining, used


@dataclass(frozen=True)
class Row:
    case: Case | ListedCase
    lamp: str
    # In the clock's own unit, negative when overdue; None where no clock runs.
    left: Decimal | None
    source: str
    stage: str
    department: str
    # True while working time runs: the page may tick by itself until the next poll.
    ticks: bool


@lru_cache
def _names(language: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """Sources and stages in the reader's words, looked up once."""
    return tuple({each.value: str(each.label) for each in kind} for kind in (Source, Stage))  # type: ignore[return-value]


def counts_now(calendar: Calendar, at: dt.datetime, unit: Unit) -> bool:
    """Whether time of this unit passes at this moment; working time rests at night."""
    return bool(used(calendar, at, at + dt.timedelta(minutes=1), unit))


def rows_of(cases: Iterable[Case | ListedCase], at: dt.datetime) -> list[Row]:
    calendar = working_calendar()
    # The same answer for all rows of a unit.
    passes = cache(partial(counts_now, calendar, at))
    sources, stages = _names(get_language())
    rows = []
    for case in cases:
        left, running = None, False
        if case.due_at is not None and case.due_unit:
            unit = Unit(case.due_unit)
            left = remaining(calendar, at, case.due_at, unit)
            running = not case.is_paused and passes(unit)
        names = sources[case.source], stages[case.stage], case.department_name or ""
        rows.append(Row(case, case.lamp(at), left, *names, ticks=running))
    return rows
