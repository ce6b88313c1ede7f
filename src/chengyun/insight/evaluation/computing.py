"""A result: every object of a kind measured at one moment, scored by one scheme, ranked within its group.

Values come from the registry of indicators alone, all objects of a kind by one split of the same scan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from chengyun.insight import extra
from chengyun.insight.evaluation import objects, schemes, spans
from chengyun.insight.evaluation.objects import AREA, DEPARTMENT, Group, ObjectKind
from chengyun.insight.evaluation.schemes import Plan
from chengyun.insight.evaluation.scoring import Judgement, Measured, judge, ranks
from chengyun.insight.evaluation.spans import Span
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.measuring import Figure, Question, Value
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import region_scope
from chengyun.insight.figures.together import Asked, measure_together

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

# The raw fact and its exemptions (申诉豁免), told beside the score; of persons they cannot be told.
BESIDE: Final = ("late", "exempted")


@dataclass(frozen=True)
class Row:
    """One object. `values` and `judgement.scores` line by line of the scheme; `previous_…` of the period before."""

    key: Key
    name: str
    values: tuple[Value, ...]
    judgement: Judgement
    rank: int | None = None
    late: int | None = None
    exempted: int | None = None
    previous_total: Decimal | None = None
    previous_rank: int | None = None

    @property
    def total(self) -> Decimal | None:
        return self.judgement.total

    @property
    def change(self) -> Decimal | None:
        """Of the total against the period before."""
        if self.total is None or self.previous_total is None:
            return None
        return self.total - self.previous_total


@dataclass(frozen=True)
class GroupResult:
    """Rows by rank, those without one last."""

    group: Group
    rows: tuple[Row, ...]

    @property
    def ranked(self) -> int:
        return sum(row.rank is not None for row in self.rows)


@dataclass(frozen=True)
class Result:
    """`figures` are those of the scheme's lines, split by the object: their groups open the cases behind each value."""

    kind: ObjectKind
    span: Span
    plan: Plan
    region_code: str
    as_of: AsOf
    groups: tuple[GroupResult, ...]
    figures: tuple[Figure, ...]
    beside: Mapping[str, Figure] = field(default_factory=dict)

    def group(self, key: str) -> GroupResult:
        objects.group_of([each.group for each in self.groups], key)
        return next(each for each in self.groups if each.group.key == key)


def evaluate(kind_key: str, span: Span, *, region_code: str = "", plan: Plan | None = None,
             facts: Session | None = None) -> Result:  # fmt: skip
    """The result as the facts are now. Raises UserError for an unknown kind or without the extra `insight`.

    By the scheme that holds on the period's first day, unless `plan` says otherwise; the period before is judged by
    the same scheme, so that the change is one of the work and not of the rules.
    """
    kind = objects.kind_for(kind_key)
    plan = plan or schemes.in_force(kind.scheme, span.period.first, region_code)
    figures, before, beside = _measured(kind, span, plan, region_code, facts)
    groups = []
    for group in plan.groups if kind.of == DEPARTMENT else (Group(),):
        names = objects.members(kind, group, span.period, region_code)
        old = dict(zip(names, _judged(plan, before, names, span.previous.period), strict=True))
        rows = _rows(plan, figures, beside, names, span.period)
        groups.append(GroupResult(group, _ranked(rows, old)))
    return Result(kind, span, plan, region_code, figures[0].as_of, tuple(groups), figures, beside)


def _measured(
    kind: ObjectKind, span: Span, plan: Plan, region_code: str, facts: Session | None
) -> tuple[tuple[Figure, ...], tuple[Figure, ...], dict[str, Figure]]:
    extra.require()
    from chengyun.insight.facts.session import session

    beside = BESIDE if kind.of in (AREA, DEPARTMENT) else ()
    asked = [_asked(each, kind, span.period, region_code) for each in plan.indicators]
    asked += [_asked(each, kind, span.previous.period, region_code) for each in plan.indicators]
    asked += [_asked(schemes.indicator_of(key), kind, span.period, region_code) for key in beside]
    found = measure_together(facts or session(), asked)
    count = len(plan.indicators)
    told = dict(zip(beside, found[2 * count :], strict=True))
    return tuple(found[:count]), tuple(found[count : 2 * count]), told


def _asked(indicator: Indicator, kind: ObjectKind, period: Period, region_code: str) -> Asked:
    return Asked(indicator, Question(period, region_scope(region_code)), (kind.dimension,))


def value_of(figure: Figure, key: Key) -> Value:
    """Of an object at which nothing was counted, too."""
    found = figure.groups.get((key,))
    if found is not None:
        return found
    return Value(None, 0, 0) if figure.indicator.over else Value(0, 0)


def _judged(
    plan: Plan, figures: Sequence[Figure], names: Mapping[Key, str], period: Period
) -> list[tuple[tuple[Value, ...], Judgement]]:
    found = []
    for key in names:
        values = tuple(value_of(figure, key) for figure in figures)
        counted = [_as_counted(figure, value) for figure, value in zip(figures, values, strict=True)]
        found.append((values, judge(plan.rules, counted, period.days)))
    return found


def _as_counted(figure: Figure, value: Value) -> Measured:
    """A count has itself as its value; `Value` gives it no denominator."""
    return Measured(value.numerator, value.denominator if figure.indicator.over else None)


def _rows(plan: Plan, figures: Sequence[Figure], beside: Mapping[str, Figure], names: Mapping[Key, str],
          period: Period) -> list[Row]:  # fmt: skip
    rows = []
    for (key, name), (values, judgement) in zip(names.items(), _judged(plan, figures, names, period), strict=True):
        told = {title: int(value_of(figure, key).numerator) for title, figure in beside.items()}
        rows.append(Row(key, name, values, judgement, late=told.get("late"), exempted=told.get("exempted")))
    return rows


def _ranked(rows: Sequence[Row], before: Mapping[Key, tuple[tuple[Value, ...], Judgement]]) -> tuple[Row, ...]:
    old_totals = {key: judgement.total for key, (_values, judgement) in before.items()}
    old_ranks = dict(zip(old_totals, ranks(list(old_totals.values())), strict=True))
    placed = [
        replace(row, rank=rank, previous_total=old_totals[row.key], previous_rank=old_ranks[row.key])
        for row, rank in zip(rows, ranks([row.total for row in rows]), strict=True)
    ]
    return tuple(sorted(placed, key=lambda row: (row.rank is None, row.rank or 0)))


def course(kind_key: str, key: Key, span: Span, plan: Plan, *, region_code: str = "", steps: int = 6,
           facts: Session | None = None) -> list[tuple[Span, Judgement]]:  # fmt: skip
    """One object over the last periods up to `span`, oldest first, all by the same scheme and of one moment."""
    extra.require()
    from chengyun.insight.facts.session import session

    kind, wanted = objects.kind_for(kind_key), spans.up_to(span, steps)
    asked = [
        Asked(each, Question(one.period, region_scope(region_code), {kind.dimension: [key]}))
        for one in wanted
        for each in plan.indicators
    ]
    found = iter(measure_together(facts or session(), asked))
    told = []
    for one in wanted:
        figures = [next(found) for _each in plan.indicators]
        counted = [_as_counted(figure, figure.total) for figure in figures]
        told.append((one, judge(plan.rules, counted, one.period.days)))
    return told
