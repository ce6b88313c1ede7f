"""What became of proposals, and disputes that the centre decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.dispatch import queries
from chengyun.casework.dispatch.models import DecidedDispute, DispatchFeedback, Outcome
from chengyun.casework.dispatch.services.state import announce
from chengyun.core.errors import UserError
from chengyun.core.instants import civil_day, now
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.taxonomy.models import MinorClass


def remember(
    minor: MinorClass,
    region_codes: Iterable[str],
    *,
    proposed_id: int | None,
    chosen_id: int,
    outcome: Outcome | None = None,
    subject: str = "",
    reason: str = "",
    at: dt.datetime | None = None,
) -> DispatchFeedback:
    """Keep what happened to a proposal. Without an outcome: confirmed when the proposed department was chosen.

    Called inside the transaction of a case's step, so it opens none and announces nothing of its own.
    """
    filing_id = queries.duty_list().catalogue.filing_id(minor.pk)
    return DispatchFeedback.objects.create(
        minor_id=filing_id,
        area_code=queries.area_of(region_codes),
        outcome=outcome or (Outcome.CONFIRMED if proposed_id in (None, chosen_id) else Outcome.CHANGED),
        proposed_department_id=proposed_id,
        chosen_department_id=chosen_id,
        subject=subject,
        reason=reason[:300],
        at=at or now(),
    )


def forget(subject: str, *, since: dt.datetime) -> None:
    """The dispatch that this came from was taken back within the minute. Inside the transaction that takes it back."""
    DispatchFeedback.objects.filter(subject=subject, at__gte=since).delete()


@transaction.atomic
def decide(
    minor: MinorClass, region_code: str, department_id: int, *, by: Doer, reason: str, subject: str = ""
) -> DecidedDispute:
    """Decide who answers for a class in an area (blank: the whole county); replaces an earlier decision."""
    if not reason.strip():
        raise UserError(_("请填写裁定理由。"), field="reason")
    at = now()
    _end_earlier(minor, region_code, civil_day(at), by=by)
    dispute = DecidedDispute(
        minor=minor,
        region_code=region_code,
        department_id=department_id,
        reason=reason.strip(),
        decided_at=at,
        decided_by_id=by.user_id,
        valid_from=civil_day(at),
    )
    register.store(dispute, by=by)
    remember(
        minor,
        (region_code,),
        proposed_id=None,
        chosen_id=department_id,
        outcome=Outcome.DECIDED,
        subject=subject,
        reason=reason,
        at=at,
    )
    announce("decided", f"dispute:{dispute.pk}")
    return dispute


def check_return(minor: MinorClass, region_codes: Iterable[str], department_id: int, *, at: dt.datetime) -> None:
    """Refuse a return that a decided dispute forbids."""
    if not queries.may_be_returned(minor, region_codes, department_id, at):
        raise UserError(_("该类问题的归属已经裁定，不能再次退回。"), field="reason", code="dispute_decided")


@transaction.atomic
def end_decision(dispute: DecidedDispute, *, by: Doer, last_day: dt.date) -> DecidedDispute:
    """The decision holds until that day; afterwards the duty list answers again."""
    dispute = register.locked(dispute)
    register.change(dispute, {"valid_to": last_day}, by=by, action="retired")
    announce("decision_ended", f"dispute:{dispute.pk}")
    return dispute


def _end_earlier(minor: MinorClass, region_code: str, day: dt.date, *, by: Doer) -> None:
    """One decided the same day ends before it began: it never held on a whole day, and stays on record."""
    filing_id = queries.duty_list().catalogue.filing_id
    wanted = filing_id(minor.pk)
    for earlier in DecidedDispute.objects.on(day).filter(region_code=region_code):
        if filing_id(earlier.minor_id) == wanted:
            last_day = day - dt.timedelta(days=1)
            DecidedDispute.objects.filter(pk=earlier.pk).update(valid_to=last_day)
            register.record(earlier, "followed", {"valid_to": earlier.valid_to}, {"valid_to": last_day}, by=by)
