"""A shift's sheet before it is signed: made anew from the cases each time it is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chengyun.casework.handover.figures import Span, cases_of
from chengyun.casework.handover.models import Item
from chengyun.casework.handover.notes import notes_of
from chengyun.casework.handover.shifts import Shift, next_shift
from chengyun.casework.urgent.models import Alert
from chengyun.core.instants import now
from chengyun.people.models import Department

# What a centre with no next shift in its roster looks ahead.
AHEAD = dt.timedelta(hours=8)


@dataclass(frozen=True)
class AlertLine:
    """An urgent case of the shift and who knew of it when; `seconds` None while nobody does."""

    number: str
    title: str
    at: dt.datetime
    outcome: str
    by: str
    seconds: int | None

    def kept(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "at": self.at.isoformat(),
            "outcome": self.outcome,
            "by": self.by,
            "seconds": self.seconds,
        }

    @classmethod
    def of(cls, row: dict[str, Any]) -> AlertLine:
        return cls(**{**row, "at": dt.datetime.fromisoformat(row["at"])})


@dataclass(frozen=True)
class Facts:
    span: Span
    alerts: Sequence[AlertLine]
    items: Sequence[Item]
    notes: Sequence[str]


def facts_of(centre: Department, shift: Shift) -> Facts:
    span = span_of(centre, shift)
    return Facts(span, _alerts(centre, span), open_items(centre), notes_of(span.start, span.end))


def span_of(centre: Department, shift: Shift) -> Span:
    moment = now()
    coming = next_shift(centre, shift)
    until = coming.ends_at if coming else shift.ends_at + AHEAD
    return Span(shift.starts_at, min(moment, shift.ends_at), moment, until)


def open_items(centre: Department) -> list[Item]:
    return list(Item.objects.filter(centre=centre, done_at=None).order_by("id")[:200])


def _alerts(centre: Department, span: Span) -> list[AlertLine]:
    raised = Alert.objects.filter(raised_at__gte=span.start, raised_at__lt=span.end)
    found = raised.filter(case__in=cases_of(centre)).select_related("case").order_by("raised_at", "id")[:200]
    return [_line(alert) for alert in found]


def _line(alert: Alert) -> AlertLine:
    seconds = int(alert.spent.total_seconds()) if alert.spent is not None else None
    by = alert.ended_by_name if alert.is_acknowledged else ""
    outcome = str(alert.get_outcome_display())
    return AlertLine(alert.case.number, alert.case.title, alert.urgent_since, outcome, by, seconds)
