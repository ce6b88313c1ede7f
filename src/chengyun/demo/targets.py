"""The centre's plan of the year that is told, and that of this year: made by the demo, no national figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chengyun.core import instants
from chengyun.demo.organisation import CENTRE, Organisation
from chengyun.insight.targets import services
from chengyun.insight.targets.models import Plan
from chengyun.insight.targets.spans import Span, SpanKind, span_of
from chengyun.people.access import Actor, actor_for
from chengyun.people.roles import Role
from chengyun.regions.queries import townships

WORDS = "演示县自定的目标，用来看进度和偏差；数值不是国家或行业规定。"


@dataclass(frozen=True)
class Wish:
    """Of the county; with a department's code, of that department."""

    indicator: str
    wanted: str
    tolerance: str | None = None
    department: str = ""


YEAR = (
    Wish("closing_rate", "98", "0.5"),
    Wish("on_time_handling_rate", "92", "2"),
    Wish("on_time_closing_rate", "90", "2"),
    Wish("rework_rate", "6", "1"),
    Wish("mean_handling_hours", "48", "6"),
    Wish("valid_report_rate", "95", "2"),
    Wish("on_time_handling_rate", "95", "2", "HW"),
    Wish("on_time_handling_rate", "90", "2", "JS"),
)
QUARTER = Wish("accurate_dispatch_rate", "97", "1")
# Of the year that is told from its first day to its last; of this year the demo tells some weeks.
WHOLE = Wish("closed", "5700", "100")
MONTH = Wish("closed", "450", "20")


def tell(organisation: Organisation, now: dt.datetime, last_year: int) -> int:
    """Each plan is made in the first days of its year; how many targets there are."""
    by, today = actor_for(organisation.people[CENTRE, Role.EVALUATOR][0]), instants.civil_day(now)
    quarters = [Span(SpanKind.QUARTER, last_year, number) for number in range(1, 5)]
    told = [(WHOLE, Span(SpanKind.YEAR, last_year)), *((QUARTER, span) for span in quarters)]
    quarter = Span(SpanKind.QUARTER, today.year, (today.month + 2) // 3)
    running = [(QUARTER, quarter), (MONTH, span_of(SpanKind.MONTH, today.replace(day=1)))]
    return sum(_plan(organisation, by, year, some) for year, some in ((last_year, told), (today.year, running)))


def _plan(organisation: Organisation, by: Actor, year: int, more: Sequence[tuple[Wish, Span]]) -> int:
    with instants.at(dt.datetime(year, 1, 4, 9, 30, tzinfo=instants.SHANGHAI)):
        plan = services.add_plan(
            by=by, name=f"{year} 年城市管理运行目标", year=year, words=WORDS,
            responsible=organisation.departments[CENTRE],
        )  # fmt: skip
        for wish, span in [*((wish, Span(SpanKind.YEAR, year)) for wish in YEAR), *more]:
            _set(plan, wish, span, organisation, by)
        code, _name = townships()[0]
        services.add_target(
            by=by, plan=plan, indicator="closing_rate", span=str(year), wanted=Decimal(97), tolerance=Decimal(1),
            township_code=code,
        )  # fmt: skip
        return plan.targets.count()


def _set(plan: Plan, wish: Wish, span: Span, organisation: Organisation, by: Actor) -> None:
    services.add_target(
        by=by, plan=plan, indicator=wish.indicator, span=str(span), wanted=Decimal(wish.wanted),
        tolerance=Decimal(wish.tolerance) if wish.tolerance else None,
        department=organisation.departments[wish.department] if wish.department else None,
    )  # fmt: skip
