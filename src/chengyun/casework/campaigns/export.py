"""The list of campaigns as Excel."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chengyun.casework.campaigns import queries
from chengyun.casework.campaigns.models import Campaign
from chengyun.core.exports import Column
from chengyun.people.access import Actor

COLUMNS = (
    Column(_("编号"), lambda row: row.number, 12),
    Column(_("名称"), lambda row: row.name, 36),
    Column(_("牵头部门"), lambda row: row.lead.short_name, 16),
    Column(_("开始日期"), lambda row: row.begins, 12),
    Column(_("结束日期"), lambda row: row.ends, 12),
    Column(_("状态"), lambda row: row.get_state_display(), 10),
    Column(_("工作目标"), lambda row: row.goal, 60),
)


def exported(actor: Actor, params: Mapping[str, str]) -> QuerySet[Campaign]:
    return queries.found(actor, params).order_by("-id")
