"""Targets with what became of them, as page, Excel, API and briefing show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from chengyun.core.calendars import working_calendar
from chengyun.core.worktime.calendar import Calendar
from chengyun.insight import extra
from chengyun.insight.figures import links
from chengyun.insight.figures.indicator import PER_CENT, Indicator
from chengyun.insight.figures.measuring import Value
from chengyun.insight.targets.access import opens_cases
from chengyun.insight.targets.judging import Judged, State, Wish, is_sum, judge
from chengyun.insight.targets.measuring import Measured, measured
from chengyun.insight.targets.models import PlanTarget
from chengyun.insight.targets.subjects import SubjectKind
from chengyun.insight.templatetags.figures import number_text, text_of
from chengyun.people.access import Actor
from chengyun.regions.queries import region_names
from chengyun.ui.templatetags.ui_tags import THIN_SPACE

COUNTY: Final = SubjectKind.COUNTY.label


@dataclass(frozen=True)
class Line:
    """One target. `url` opens the cases behind its figure; blank where the reader does not see them all."""

    target: PlanTarget
    indicator: Indicator
    subject: str
    value: Value
    judged: Judged
    url: str

    @property
    def wanted(self) -> str:
        return f"{'≥' if self.target.at_least else '≤'} {self._with_unit(float(self.target.wanted))}"

    @property
    def actual(self) -> str:
        return text_of(self.value, self.indicator)

    @property
    def due(self) -> str:
        """What a count is compared with while its period runs; blank where that is the target itself."""
        is_part = is_sum(self.indicator) and 0 < self.judged.elapsed < 1 and self.judged.due is not None
        return f"{number_text(self.judged.due, 1)}{THIN_SPACE}{self.indicator.unit}" if is_part else ""

    @property
    def deviation(self) -> str:
        return deviation_text(self.judged.deviation, self.indicator)

    @property
    def lamp(self) -> str:
        return self.judged.lamp

    @property
    def state(self) -> str:
        return str(State(self.judged.state).label)

    @property
    def done(self) -> int:
        """Per cent of the target, 100 at most."""
        wanted = float(self.target.wanted)
        return min(100, round(100 * (self.value.value or 0) / wanted)) if wanted else 100

    @property
    def elapsed(self) -> int:
        return round(100 * self.judged.elapsed)

    def _with_unit(self, number: float) -> str:
        return text_of(Value(number, number), self.indicator)


def deviation_text(deviation: float | None, indicator: Indicator) -> str:
    """+1.20 个百分点, −12 件, or a dash."""
    if deviation is None:
        return number_text(None)
    places = 1 if is_sum(indicator) else 2
    unit = _("个百分点") if indicator.unit == PER_CENT else str(indicator.unit)
    size = round(abs(deviation), places)
    sign = "" if not size else "+" if deviation > 0 else "−"
    return f"{sign}{number_text(size, places)}{THIN_SPACE}{unit}"


def lines_of(actor: Actor, targets: Sequence[PlanTarget], day: dt.date) -> list[Line]:
    """In their order; without those whose indicator is not known any more. Raises UserError without the extra."""
    return told(actor, targets, measure(targets, day), day)


def measure(targets: Sequence[PlanTarget], day: dt.date, *, trends: bool = False) -> Measured:
    extra.require()
    from chengyun.insight.facts.session import session

    return measured(session(), targets, day, trends=trends)


def told(actor: Actor, targets: Iterable[PlanTarget], found: Measured, day: dt.date) -> list[Line]:
    known = [(each, each.known) for each in targets]
    places = region_names(sorted({each.township_code for each, _indicator in known if each.township_code}))
    calendar, as_of = working_calendar(), found.as_of
    lines = []
    for target, indicator in known:
        value = found.value(target)
        if indicator is None or value is None:
            continue
        url = address_of(target, value, as_of) if opens_cases(actor, target) else ""
        judged = judged_on(target, indicator, value.value, day, calendar)
        lines.append(Line(target, indicator, subject_name(target, places), value, judged, url))
    return lines


def judged_on(
    target: PlanTarget, indicator: Indicator, value: float | None, day: dt.date, calendar: Calendar
) -> Judged:
    wish = Wish(float(target.wanted), target.at_least, float(target.tolerance or 0), is_sum(indicator))
    return judge(wish, value, target.period, day, calendar)


def address_of(target: PlanTarget, value: Value, as_of: Any) -> str:
    remembered = links.Told(as_of.cursor, as_of.at, value.value)
    return links.address(target.indicator, target.period, target.subject.where, remembered)


def subject_name(target: PlanTarget, places: dict[str, str]) -> str:
    if target.department is not None:
        return target.department.short_name
    return places.get(target.township_code, target.township_code) or str(COUNTY)
