"""What happens to an alert. Each change is one transaction with its history row, which is also the event that moves
the pages (`urgent.*`). The time of the next call stands in the alert: no timer is lost when a process dies."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import of_seen_case
from chengyun.casework.urgent.ladder import Callee, phone_list
from chengyun.casework.urgent.models import Alert, Call
from chengyun.casework.urgent.queries import require
from chengyun.core import configuration
from chengyun.core.errors import Conflict, NotFound
from chengyun.core.history.recording import record
from chengyun.core.instants import SHANGHAI, now
from chengyun.core.who import Doer
from chengyun.people.access import SYSTEM, Actor

BATCH = 50


def raise_alert(case: Case, since: dt.datetime) -> Alert | None:
    """None when one stands already: the handler that asks may run twice."""
    try:
        with transaction.atomic():
            alert = Alert.objects.create(
                case=case, urgent_since=since, raised_at=now(), next_call_at=now() + _wait(case)
            )
            record(alert.chain, "urgent.raised", {"case": case.number}, by=SYSTEM)
    except IntegrityError:
        return None
    return alert


@transaction.atomic
def lift(alert: Alert) -> None:
    """The case ended or is no longer urgent: nobody needs to be called, and it may become urgent anew."""
    Alert.objects.filter(pk=alert.pk).update(stands=False)
    if _end(alert, Alert.Outcome.LIFTED, SYSTEM):
        record(alert.chain, "urgent.lifted", {"case": alert.case.number}, by=SYSTEM)


@transaction.atomic
def acknowledge(alert_id: int, *, by: Actor) -> Alert:
    """知悉, by name. Of two at once the first counts, the second is told who it was."""
    alert = _seen(alert_id, by)
    if not _end(alert, Alert.Outcome.ACKNOWLEDGED, by):
        raise Conflict(_already(alert))
    seconds = int((now() - alert.urgent_since).total_seconds())
    record(alert.chain, "urgent.acknowledged", {"case": alert.case.number, "after_seconds": seconds}, by=by)
    alert.refresh_from_db()
    return alert


@transaction.atomic
def tell_call(call_id: int, outcome: str, *, by: Actor) -> Call:
    """已接通 waits as long again for the acknowledgement; 未接通 calls the next person at once, unless somebody was
    called since: then what is written down late of an earlier call moves nothing."""
    require(by)
    call = Call.objects.select_related("alert__case").filter(pk=call_id).first()
    if call is None or outcome not in Call.Outcome.values:
        raise NotFound(_("没有这次呼叫，请刷新页面。"))
    alert = _seen(call.alert_id, by)
    told = {"outcome": outcome, "told_at": now(), "told_by_id": by.user_id, "told_by_name": by.name}
    if not Call.objects.filter(pk=call_id, outcome="").update(**told):
        call.refresh_from_db()
        sentence = _("%(name)s 已记录这次呼叫：%(outcome)s。")
        raise Conflict(sentence % {"name": call.told_by_name, "outcome": call.get_outcome_display()})
    record(alert.chain, "urgent.called", {"number": call.number, "name": call.name, "outcome": outcome}, by=by)
    connected = outcome == Call.Outcome.CONNECTED
    if not connected and alert.calls.filter(number__gt=call.number).exists():
        call.refresh_from_db()
        return call
    if alert.ended_at is None and alert.next_call_at is not None:
        Alert.objects.filter(pk=alert.pk, ended_at=None).update(next_call_at=now() + _wait(alert.case) * connected)
    if not connected:
        escalate(alert.pk)
    call.refresh_from_db()
    return call


def escalate_due() -> int:
    """Call the next person wherever it is time; returns how many were. One person per alert and round, so that a clock
    that jumps ahead does not call everybody at once."""
    moment = now()
    ringing = Alert.objects.filter(ended_at=None, next_call_at__isnull=False).select_related("case")
    called = 0
    for alert in ringing.order_by("next_call_at")[:BATCH]:
        _pull_back(alert, moment)
        called += alert.next_call_at is not None and alert.next_call_at <= moment and escalate(alert.pk)
    return called


@transaction.atomic
def escalate(alert_id: int) -> bool:
    """Call the next person of the list, if it is time and nobody else did it just now."""
    alert = Alert.objects.select_related("case").get(pk=alert_id)
    moment = now()
    if alert.ended_at or alert.next_call_at is None or alert.next_call_at > moment:
        return False
    listed = phone_list(alert.case, moment)
    called = list(alert.calls.order_by("number").values_list("user_id", flat=True))
    callee = next((each for each in listed if each.user_id not in called), None)
    # Nobody in the roster at all: look again later. Everybody called: the room goes on ringing, the telephone rests.
    after = moment + _wait(alert.case) if callee or not listed else None
    mine = Alert.objects.filter(pk=alert.pk, ended_at=None, next_call_at=alert.next_call_at)
    if not mine.update(next_call_at=after):
        return False
    if callee is None:
        if listed:
            record(alert.chain, "urgent.all_called", {"calls": len(called)}, by=SYSTEM)
        return False
    _call(alert, len(called) + 1, callee)
    return True


def _call(alert: Alert, number: int, callee: Callee) -> None:
    Call.objects.create(
        alert=alert,
        number=number,
        rung=callee.rung,
        user_id=callee.user_id,
        name=callee.name,
        phone=callee.phone,
        due_at=now(),
    )
    # Without the number: history is kept for good, and a telephone number is personal.
    told = {"number": number, "rung": str(callee.rung), "user": callee.user_id, "name": callee.name}
    record(alert.chain, "urgent.escalated", told, by=SYSTEM)


def _pull_back(alert: Alert, moment: dt.datetime) -> None:
    """A clock that was set back must not put the next call off by as much."""
    latest = moment + _wait(alert.case)
    if alert.next_call_at is not None and alert.next_call_at > latest:
        Alert.objects.filter(pk=alert.pk, next_call_at=alert.next_call_at).update(next_call_at=latest)
        alert.next_call_at = latest


def _end(alert: Alert, outcome: str, by: Doer) -> bool:
    ended = {"ended_at": now(), "outcome": outcome, "ended_by_id": by.user_id, "ended_by_name": by.name}
    return bool(Alert.objects.filter(pk=alert.pk, ended_at=None).update(next_call_at=None, **ended))


def _seen(alert_id: int, by: Actor) -> Alert:
    require(by)
    alert = Alert.objects.select_related("case").filter(of_seen_case(by), pk=alert_id).first()
    if alert is None:
        raise NotFound(_("没有这条紧急提醒，或者您无权查看该案件。"))
    return alert


def _already(alert: Alert) -> str:
    alert.refresh_from_db()
    assert alert.ended_at is not None
    if not alert.is_acknowledged:
        return _("这条紧急提醒已解除：案件已办结或不再紧急。")
    at = alert.ended_at.astimezone(SHANGHAI).strftime("%H:%M:%S")
    return _("%(name)s 已在 %(at)s 知悉，不必重复。") % {"name": alert.ended_by_name, "at": at}


def _wait(case: Case) -> dt.timedelta:
    place = case.township_code or case.county_code
    return dt.timedelta(minutes=float(configuration.value("urgent.ack_minutes", place)))
