"""Saved analyses: whose they are, and how they are kept and thrown away."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from chengyun.core.errors import NotFound, UserError
from chengyun.core.instants import now, today
from chengyun.insight.access import check_reads
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics.models import SavedAnalysis
from chengyun.people.access import Actor
from chengyun.people.models import Appointment

MOST: Final = 50
LONGEST_NAME: Final = 40
LONGEST_QUERY: Final = 2_000


def seen_by(actor: Actor) -> QuerySet[SavedAnalysis]:
    """Own ones, and those of the posts held today; the newest first."""
    posts = Appointment.objects.on(today()).filter(user_id=actor.user_id).values("post_id")
    mine = SavedAnalysis.objects.filter(Q(owner_id=actor.user_id) | Q(post_id__in=posts))
    return mine.select_related("owner", "post").order_by("-id")


def seen(actor: Actor, pk: int) -> SavedAnalysis:
    found = seen_by(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这个分析，或者没有与您的岗位共用"))
    return found


def save(*, by: Actor, name: str, query: str, shared: bool = False) -> SavedAnalysis:
    check_reads(by)
    if by.user_id is None:
        raise NotFound(_("请先登录"))
    spelling = asking.read(QueryDict(query), today(), by=by).query()
    if len(spelling) > LONGEST_QUERY:
        raise UserError(_("条件太多，不能保存；请减少筛选条件"), field="query")
    if shared and by.post_id is None:
        raise UserError(_("您现在没有岗位，不能与岗位共用；请去掉“与岗位共用”"), field="shared")
    with transaction.atomic():
        if SavedAnalysis.objects.filter(owner_id=by.user_id).count() >= MOST:
            raise UserError(_("每人最多保存 %d 个分析，请先删除不用的") % MOST, field="name")
        row = SavedAnalysis(owner_id=by.user_id, name=_named(name), query=spelling, saved_at=now())
        row.post_id = by.post_id if shared else None
        row.save(force_insert=True)
    return row


def delete(pk: int, *, by: Actor) -> None:
    """Only one's own; who subscribed to it gets it no longer."""
    found = SavedAnalysis.objects.filter(pk=pk, owner_id=by.user_id).first()
    if found is None:
        raise NotFound(_("没有这个分析，或者不是您保存的"))
    found.delete()


def _named(name: str) -> str:
    said = " ".join(name.replace("\x00", "").split())
    if not said or len(said) > LONGEST_NAME:
        raise UserError(_("请填写分析的名称，最多 %d 字") % LONGEST_NAME, field="name")
    return said
