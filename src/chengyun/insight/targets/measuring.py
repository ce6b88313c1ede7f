"""What became of targets: their figures, measured together. How many questions it takes depends on how many indicators
and kinds of objects there are, not on how many targets.

A flow is asked once for the whole year, by object and month: numerators and denominators of months add up to those of
a quarter and of the year, for each row lies in exactly one month. A stock is asked as of the end of each period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator, find
from chengyun.insight.figures.measuring import Figure, Question, Value, value_of
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import region_scope
from chengyun.insight.figures.together import Asked, measure_together
from chengyun.insight.targets.models import PlanTarget
from chengyun.insight.targets.spans import Span, SpanKind, months_of
from chengyun.insight.targets.subjects import Subject

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session


@dataclass(frozen=True)
class _Source:
    """One question: an indicator over a period, by a kind of object (and by month, where it is a flow)."""

    key: str
    region: str
    by: tuple[str, ...]
    period: Period

    @property
    def asked(self) -> Asked:
        indicator = find(self.key)
        assert indicator is not None  # of a target whose indicator is known
        months = ("month",) if indicator.of.when else ()
        return Asked(indicator, Question(self.period, region_scope(self.region)), (*self.by, *months))


@dataclass
class Wanted:
    """What is to be asked for these targets; with `trends` also month by month up to `day`."""

    sources: list[_Source] = field(default_factory=list)

    @classmethod
    def of(cls, targets: Iterable[PlanTarget], day: dt.date, *, trends: bool = False) -> Wanted:
        found: dict[_Source, None] = {}
        for target in targets:
            if target.known is None:
                continue
            spans = [target.span, *(_begun(target.first.year, day) if trends else ())]
            found |= dict.fromkeys(_source(target, target.known, span) for span in spans)
        return cls(list(found))

    @property
    def asked(self) -> list[Asked]:
        return [source.asked for source in self.sources]

    def read(self, figures: Sequence[Figure]) -> Measured:
        """`figures` answer `asked`, in its order."""
        return Measured(dict(zip(self.sources, figures, strict=True)))


def _source(target: PlanTarget, indicator: Indicator, span: Span) -> _Source:
    period = Span(SpanKind.YEAR, span.year).period if indicator.of.when else span.period
    return _Source(indicator.key, target.plan.region_code, target.subject.by, period)


def _begun(year: int, day: dt.date) -> list[Span]:
    return [span for span in months_of(year) if span.period.first <= day]


@dataclass(frozen=True)
class Measured:
    figures: Mapping[_Source, Figure]

    @property
    def as_of(self) -> AsOf | None:
        return next((figure.as_of for figure in self.figures.values()), None)

    def value(self, target: PlanTarget) -> Value | None:
        """None where the indicator is not known any more."""
        return self._value(target, target.span) if target.known else None

    def months(self, target: PlanTarget, day: dt.date) -> list[float | None]:
        """Month by month of its year, up to that of `day`."""
        return [self._value(target, span).value for span in _begun(target.first.year, day)]

    def _value(self, target: PlanTarget, span: Span) -> Value:
        assert target.known is not None
        figure = self.figures[_source(target, target.known, span)]
        of, over = _sums(figure, target.subject, span)
        over_tally = {(): over} if target.known.over else None
        return value_of(target.known, {(): of}, over_tally, ())


def _sums(figure: Figure, subject: Subject, span: Span) -> tuple[float, float]:
    """Numerator and denominator; what does not occur is zero."""
    if not figure.by:
        found = [figure.total]
    elif figure.indicator.of.when:
        found = [figure.groups[key] for key in _keys(subject, span) if key in figure.groups]
    else:
        found = [figure.groups[subject.keys]] if subject.keys in figure.groups else []
    return sum(each.numerator for each in found), sum(each.denominator or 0 for each in found)


def _keys(subject: Subject, span: Span) -> list[tuple[Key, ...]]:
    period = span.period
    months = [each for each in months_of(span.year) if period.first <= each.period.first <= period.last]
    return [(*subject.keys, str(month)) for month in months]


def measured(session: Session, targets: Sequence[PlanTarget], day: dt.date, *, trends: bool = False) -> Measured:
    """The targets have their `plan` loaded. Counties are asked one by one: together they would share a scope."""
    figures: dict[_Source, Figure] = {}
    for region in sorted({target.plan.region_code for target in targets}):
        wanted = Wanted.of([each for each in targets if each.plan.region_code == region], day, trends=trends)
        figures |= wanted.read(measure_together(session, wanted.asked)).figures
    return Measured(figures)
