"""Keeps the alerts in step with the cases: it looks at the case as it stands, so running twice changes nothing."""

from __future__ import annotations

from chengyun.casework.cases.models import Case
from chengyun.casework.urgent import services
from chengyun.casework.urgent.models import Alert
from chengyun.core.events import Event
from chengyun.core.handlers import handler

# A case may become urgent when it is written down, corrected, opened again, or when its end is undone.
RAISING = frozenset({"correct", "reopen", "undo"})


@handler("urgent.notices", kinds=("report.received", "case.step"))
def follow(batch: list[Event]) -> None:
    ids = {case_id(event) for event in batch}
    urgent = Case.objects.filter(pk__in=ids, is_urgent=True, ended_at=None).in_bulk()
    alerts = Alert.objects.filter(case__in=ids, stands=True).select_related("case")
    standing = {alert.case_id: alert for alert in alerts}
    for pk in standing.keys() - urgent.keys():
        services.lift(standing[pk])
    for event in batch:
        pk = case_id(event)
        if pk in urgent and pk not in standing and may_raise(event):
            services.raise_alert(urgent[pk], event.at)


def case_id(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def may_raise(event: Event) -> bool:
    return event.kind == "report.received" or event.data.get("verb") in RAISING
