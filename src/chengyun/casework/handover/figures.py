"""What happened in a shift and what it leaves behind, each figure a set of cases that it opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.filters import counted
from chengyun.casework.cases.models import Case, Request, Source, Step
from chengyun.casework.cases.workflow import OPEN, Stage
from chengyun.casework.urgent.models import Alert
from chengyun.people.access import region_prefix
from chengyun.people.models import Department

MOST = 10_000


@dataclass(frozen=True)
class Span:
    """The facts of a shift: from its beginning to its end or to now, and until when the coming one lasts."""

    start: dt.datetime
    end: dt.datetime
    now: dt.datetime
    next_end: dt.datetime


Choose = Callable[[QuerySet[Case], Span], QuerySet[Case]]


@dataclass(frozen=True)
class Figure:
    key: str
    group: str | Promise
    title: str | Promise
    choose: Choose


def cases_of(centre: Department) -> QuerySet[Case]:
    """Those of the centre's places; a case without a place lies before every centre."""
    if not centre.region_code:
        return Case.objects.all()
    return Case.objects.filter(Q(county_code__startswith=region_prefix(centre.region_code)) | Q(county_code=""))


def _reported(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    return cases.filter(reported_at__gte=span.start, reported_at__lt=span.end)


def _by_hotline(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    return _reported(cases, span).filter(source=Source.HOTLINE)


def _taken(*verbs: str) -> Choose:
    """Cases on which one of these steps was taken in the shift."""

    def choose(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
        steps = Step.objects.filter(verb__in=verbs, at__gte=span.start, at__lt=span.end)
        return cases.filter(pk__in=steps.values("case"))

    return choose


def _at(stage: str) -> Choose:
    return lambda cases, span: cases.filter(stage=stage)


def _overdue(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    return cases.filter(ended_at__isnull=True, is_paused=False, due_at__lt=span.now)


def _due_next(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    due = cases.filter(due_at__gte=span.now, due_at__lt=span.next_end)
    return due.filter(ended_at__isnull=True, is_paused=False)


def _urgent(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    raised = Alert.objects.filter(raised_at__gte=span.start, raised_at__lt=span.end)
    return cases.filter(pk__in=raised.values("case"))


def _urgent_open(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    return cases.filter(is_urgent=True, ended_at__isnull=True)


def _supervised(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    asked = Request.objects.filter(kind="supervision", decided_at__isnull=True)
    return cases.filter(pk__in=asked.values("case"), ended_at__isnull=True)


DONE, WATCH, LEFT = _("本班收发"), _("需要盯住"), _("移交在办")
FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure("reported", DONE, _("上报"), _reported),
        Figure("hotline", DONE, _("其中热线"), _by_hotline),
        Figure("accepted", DONE, _("受理"), _taken("accept")),
        Figure("refused", DONE, _("不予受理、立案"), _taken("refuse", "decline")),
        Figure("filed", DONE, _("立案"), _taken("file")),
        Figure("dispatched", DONE, _("派遣"), _taken("dispatch")),
        Figure("fed_back", DONE, _("处置反馈"), _taken("feed_back")),
        Figure("closed", DONE, _("结案"), _taken("close", "close_by_authority")),
        Figure("urgent", WATCH, _("本班紧急"), _urgent),
        Figure("urgent_open", WATCH, _("紧急未办结"), _urgent_open),
        Figure("overdue", WATCH, _("已超时"), _overdue),
        Figure("due_next", WATCH, _("下一班到期"), _due_next),
        Figure("supervised", WATCH, _("督办未回复"), _supervised),
        Figure("instructed", WATCH, _("本班领导批示"), _taken("instruct")),
        *(Figure(f"stage_{stage.value}", LEFT, stage.label, _at(stage)) for stage in Stage if stage in OPEN),
    )
}


@dataclass(frozen=True)
class Count:
    figure: Figure
    number: int


@dataclass(frozen=True)
class Group:
    title: str | Promise
    counts: Sequence[Count]


def live_counts(centre: Department, span: Span) -> dict[str, int]:
    cases = cases_of(centre)
    return {key: counted(figure.choose(cases, span), MOST) for key, figure in FIGURES.items()}


def frozen(centre: Department, span: Span) -> dict[str, list[int]]:
    """The ids behind every figure, newest first, as a signed sheet keeps them."""
    cases = cases_of(centre)
    return {
        key: list(figure.choose(cases, span).order_by("-id").values_list("pk", flat=True)[:MOST])
        for key, figure in FIGURES.items()
    }


def grouped(numbers: Mapping[str, int]) -> list[Group]:
    """In the table's order; stages where nothing lies are left out."""
    groups = []
    for title in (DONE, WATCH, LEFT):
        counts = [Count(figure, numbers.get(figure.key, 0)) for figure in FIGURES.values() if figure.group is title]
        groups.append(Group(title, [each for each in counts if each.number or title is not LEFT]))
    return groups
