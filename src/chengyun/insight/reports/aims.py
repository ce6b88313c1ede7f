"""Targets in a report: what was wanted stands among its facts as figures of its own, beside what was reached.

    figures["target:closing_rate|period|"] = {… value: what is wanted, aim: {at_least tolerance factor over sum}}
    targets["year"] = [{"name", "subject", "span", "unit", "refs": {"target", "actual"}}]

`factor` is the share of the target that a running period owes by now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chengyun.core.calendars import working_calendar
from chengyun.core.instants import today
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.measuring import Question, Value
from chengyun.insight.figures.scope import region_scope
from chengyun.insight.reports.counted import Counting
from chengyun.insight.reports.sandbox import Called
from chengyun.insight.reports.vocabulary import DeviationRef, TargetRef, TargetsRef
from chengyun.insight.targets.judging import State, Wish, is_sum, state_of
from chengyun.insight.targets.lines import judged_on, subject_name
from chengyun.insight.targets.measuring import Measured, Wanted
from chengyun.insight.targets.models import Plan, PlanTarget
from chengyun.insight.targets.queries import ORDER
from chengyun.insight.targets.subjects import from_where
from chengyun.regions.queries import region_names

# A report is read by people.
MOST_ROWS: Final = 300


@dataclass
class Aims:
    """The targets that a template refers to, in `rows`; `named` by reference, `listed` by the list they stand in."""

    rows: list[PlanTarget] = field(default_factory=list)
    named: dict[str, PlanTarget] = field(default_factory=dict)
    listed: dict[str, list[PlanTarget]] = field(default_factory=dict)

    @property
    def wanted(self) -> Wanted:
        return Wanted.of([row for rows in self.listed.values() for row in rows], today())


def called_for(called: Called, subject: Any) -> Aims:
    """`subject`: facts.Subject."""
    aims = Aims()
    for ref in [*called.of(TargetRef), *called.of(DeviationRef)]:
        question: Question = subject.question(ref)
        if (found := _target(ref.key, question, subject.region_code)) is not None:
            aims.named[ref.ref] = found
    for listed in called.of(TargetsRef):
        rows = _standing(subject.region_code).filter(first__gte=subject.period.first, last__lte=subject.period.last)
        rows = rows.filter(span_kind=listed.span) if listed.span else rows
        aims.listed[str(listed)] = [row for row in rows.order_by(*ORDER)[:MOST_ROWS] if row.known]
    return aims


def _standing(region_code: str) -> QuerySet[PlanTarget]:
    plans = Plan.objects.on(today()).filter(region_code=region_code)
    rows: QuerySet[PlanTarget] = PlanTarget.objects.on(today()).filter(plan__in=plans)
    return rows.select_related("plan", "department")


def _target(key: str, question: Question, region_code: str) -> PlanTarget | None:
    """That of just this indicator, period and object."""
    about = from_where(question.where)
    if about is None:
        return None
    rows = _standing(region_code).filter(
        indicator=key, first=question.period.first, last=question.period.last, subject_kind=about.kind
    )
    return next((row for row in rows if row.subject == about), None)


def tell(aims: Aims, found: Measured, facts: dict[str, Any], counting: Counting) -> None:
    """Into the facts."""
    every = [*aims.named.values(), *(row for rows in aims.listed.values() for row in rows)]
    places = region_names(sorted({row.township_code for row in every if row.township_code}))
    for ref, row in aims.named.items():
        facts["figures"][ref] = _wanted(row, _known(row), subject_name(row, places))
    facts["targets"] = {
        key: [_row(row, found, facts["figures"], places, counting) for row in rows] for key, rows in aims.listed.items()
    }


def _known(row: PlanTarget) -> Indicator:
    assert row.known is not None  # others are not listed, and no reference names one
    return row.known


def _row(
    row: PlanTarget, found: Measured, figures: dict[str, Any], places: dict[str, str], counting: Counting
) -> dict[str, Any]:
    indicator, name, value = _known(row), subject_name(row, places), found.value(row)
    assert value is not None
    refs = {"target": f"targets|{row.pk}|wanted", "actual": f"targets|{row.pk}|actual"}
    figures[refs["target"]] = _wanted(row, indicator, name)
    question = Question(row.period, region_scope(row.plan.region_code))
    behind = counting.of(indicator, question, *((row.subject.kind, row.subject.key) if row.subject.by else ()))
    figures[refs["actual"]] = _actual(row, indicator, name, value) | {"behind": behind}
    told = {"name": str(indicator.title), "subject": name, "span": row.span.title, "unit": str(indicator.unit)}
    return told | {"refs": refs}


def _plain(row: PlanTarget, indicator: Indicator, name: str) -> dict[str, Any]:
    return {
        "unit": str(indicator.unit), "share": indicator.is_share, "whole": indicator.over is None,
        "from": row.first.isoformat(), "to": row.last.isoformat(), "of": "" if not row.subject.where else name,
    }  # fmt: skip


def _wanted(row: PlanTarget, indicator: Indicator, name: str) -> dict[str, Any]:
    # Judged on any value: what part of the target is due now.
    due = judged_on(row, indicator, 0.0, today(), working_calendar()).due
    wanted = float(row.wanted)
    aim = {
        "at_least": row.at_least, "tolerance": float(row.tolerance or 0), "sum": is_sum(indicator),
        "factor": due / wanted if due is not None and wanted else 1.0, "over": today() > row.last,
    }  # fmt: skip
    query = urlencode([("year", row.first.year), ("indicator", row.indicator)])
    return _plain(row, indicator, name) | {
        "key": "", "title": _("目标：%s") % indicator.title, "value": wanted, "numerator": None, "denominator": None,
        "where": {}, "url": f"{reverse('targets:targets')}?{query}", "aim": aim,
    }  # fmt: skip


def _actual(row: PlanTarget, indicator: Indicator, name: str, value: Value) -> dict[str, Any]:
    return _plain(row, indicator, name) | {
        "key": indicator.key, "title": str(indicator.title), "value": value.value, "numerator": value.numerator,
        "denominator": value.denominator, "where": {key: list(keys) for key, keys in row.subject.where.items()},
    }  # fmt: skip


# --- as a report says it ----------------------------------------------------------------------------------------------


def deviation(target: Mapping[str, Any], wanted: float | None, actual: float | None) -> float | None:
    """From what is due of the target; both as the report gives them, corrected or not."""
    return None if wanted is None or actual is None else actual - wanted * target["aim"]["factor"]


def state(target: Mapping[str, Any], wanted: float | None, actual: float | None) -> str:
    if wanted is None or actual is None:
        return str(State.NO_FIGURE.label)
    aim = target["aim"]
    wish = Wish(wanted, aim["at_least"], aim["tolerance"], aim["sum"])
    found = state_of(wish, actual, wanted * aim["factor"], is_over=aim["over"])
    return str(State(found).label)


def sign(target: Mapping[str, Any]) -> str:
    return "≥" if target["aim"]["at_least"] else "≤"


BLANK: Final[Sequence[Mapping[str, Any]]] = (
    {"name": "", "subject": "", "span": "", "unit": "", "refs": {"target": "", "actual": ""}},
)
