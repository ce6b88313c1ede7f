"""Subscriptions: a saved question's table by e-mail, each day, Monday or first of the month; each sending is kept."""

from __future__ import annotations

import datetime as dt
import io
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.core import history
from chengyun.core.errors import NotFound, UserError
from chengyun.core.instants import SHANGHAI, now, today
from chengyun.insight.access import check_reads
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import choices, pivot, saved, telling, workbook
from chengyun.insight.statistics.models import Sending, Subscription
from chengyun.people.access import Actor, actor_for

CHAIN: Final = "export:statistics"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FROM_HOUR: Final = 7
MOST_TRIES: Final = 3
# A sending that nobody finished in this time was lost with its worker.
LOST: Final = dt.timedelta(minutes=20)
KEPT: Final = dt.timedelta(days=400)
MOST: Final = 20
# RFC 5321, and the column.
LONGEST_ADDRESS: Final = 254

Rhythm = Subscription.Rhythm


def is_configured() -> bool:
    return bool(settings.EMAIL_HOST)


def subscribe(analysis_id: int, *, by: Actor, address: str, rhythm: str) -> Subscription:
    check_reads(by)
    if by.user_id is None:
        raise NotFound(_("请先登录"))
    analysis = saved.seen(by, analysis_id)
    if rhythm not in Rhythm.values:
        raise UserError(_("频次只能是每天、每周一或每月 1 日"), field="rhythm")
    address = _address(address)
    if Subscription.objects.filter(owner_id=by.user_id, ended_at=None).count() >= MOST:
        raise UserError(_("每人最多订阅 %d 份，请先退订不用的") % MOST, field="address")
    row = Subscription(analysis=analysis, owner_id=by.user_id, address=address, rhythm=rhythm, since=today())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            told = {"subscription": row.pk, "analysis": analysis.query, "rhythm": rhythm}
            history.record(CHAIN, "statistics.subscribed", told, by=by)
    except IntegrityError:
        raise UserError(_("这个邮箱已经订阅了“%s”") % analysis.name, field="address") from None
    return row


def _address(text: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise UserError(_("邮箱“%s”不对，请写成 name@example.cn") % address[:60], field="address") from None
    if len(address) > LONGEST_ADDRESS:
        raise UserError(_("邮箱最长 %d 个字符，请换一个短些的") % LONGEST_ADDRESS, field="address")
    return address


def unsubscribe(pk: int, *, by: Actor) -> None:
    with transaction.atomic():
        found = Subscription.objects.filter(pk=pk, owner_id=by.user_id, ended_at=None).update(ended_at=now())
        if not found:
            raise NotFound(_("没有这份订阅，或者不是您的"))
        history.record(CHAIN, "statistics.unsubscribed", {"subscription": pk}, by=by)


def due_on(rhythm: str, day: dt.date) -> dt.date:
    """The newest day on which it was to be sent."""
    if rhythm == Rhythm.WEEKLY:
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if rhythm == Rhythm.MONTHLY else day


def send_due() -> int:
    """What is due and was not sent; returns how many went out. Nothing is recorded where no mail server is set."""
    moment = now()
    if not is_configured() or moment.astimezone(SHANGHAI).hour < FROM_HOUR:
        return 0
    living = Subscription.objects.filter(ended_at=None, owner__is_active=True).select_related("analysis", "owner")
    return sum(_send_if_due(each, today()) for each in living.order_by("pk").iterator())


def forget_old() -> None:
    Sending.objects.filter(tried_at__lt=now() - KEPT).delete()


def _send_if_due(subscription: Subscription, day: dt.date) -> bool:
    due = due_on(subscription.rhythm, day)
    if due <= subscription.since:
        return False
    sending = _claimed(subscription, due)
    if sending is None:
        return False
    try:
        rows = _send(subscription)
    except (UserError, OSError) as error:  # smtplib's errors are OSErrors
        _finish(sending, Sending.State.FAILED, fault=str(error)[:200])
        return False
    with transaction.atomic():
        _finish(sending, Sending.State.SENT, rows=rows)
        told = {"filters": subscription.analysis.query, "rows": rows, "subscription": subscription.pk}
        history.record(CHAIN, "list.exported", told, by=actor_for(subscription.owner))
    return True


def _claimed(subscription: Subscription, due: dt.date) -> Sending | None:
    """The row of this sending, taken for this try; None where it went out, is going, or failed too often."""
    moment = now()
    with transaction.atomic():
        row, is_new = Sending.objects.get_or_create(
            subscription=subscription, due_on=due,
            defaults={"address": subscription.address, "tries": 1, "tried_at": moment},
        )  # fmt: skip
        if is_new:
            return row
        again = Sending.objects.filter(pk=row.pk, tried_at=row.tried_at, tries__lt=MOST_TRIES)
        taken = again.exclude(state=Sending.State.SENT).filter(tried_at__lt=moment - LOST)
        fresh = {"state": Sending.State.WAITING, "tries": row.tries + 1, "tried_at": moment}
        return row if taken.update(**fresh) else None


def _finish(sending: Sending, state: str, *, rows: int = 0, fault: str = "") -> None:
    Sending.objects.filter(pk=sending.pk).update(state=state, rows=rows, fault=fault)


def _send(subscription: Subscription) -> int:
    """Asks the question as its owner today and posts the answer; returns how many rows it had."""
    with translation.override("zh-hans"):
        actor = actor_for(subscription.owner)
        check_reads(actor)
        asked = asking.read(QueryDict(subscription.analysis.query), today(), by=actor)
        answer = pivot.answered(actor, asked)
        context = choices.of_table(answer) | {
            "answer": answer, "analysis": subscription.analysis, "title": telling.title_of(asked),
            "conditions": telling.conditions(asked, actor),
        }  # fmt: skip
        made = io.BytesIO()
        workbook.write(made, answer)
        days = f"{asked.period.first:%Y-%m-%d} – {asked.period.last:%Y-%m-%d}"
        mail = EmailMultiAlternatives(
            subject=f"{subscription.analysis.name}（{days}）",
            body=render_to_string("statistics/mail.txt", context),
            to=[subscription.address],
        )
        mail.attach_alternative(render_to_string("statistics/mail.html", context), "text/html")
        mail.attach(f"{_('统计')}-{asked.period.last:%Y%m%d}.xlsx", made.getvalue(), XLSX)
        mail.send()
    return len(answer.rows)
