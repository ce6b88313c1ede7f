"""The lists of casework as Excel files: the same filters, the same order and the same access as their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases import filters, notices, orders
from chengyun.casework.cases.models import Case, Notice
from chengyun.casework.cases.queries import asking, queue, visible_to
from chengyun.casework.cases.rows import Row, rows_of
from chengyun.casework.cases.workflow import CLOCK_TITLES
from chengyun.core.exports import Column
from chengyun.core.instants import now
from chengyun.people.access import Actor
from chengyun.ui.templatetags.ui_tags import LAMP_NAMES, remaining_text

CASE_COLUMNS = (
    Column(_("案号"), lambda row: row.case.number, 16),
    Column(_("问题"), lambda row: row.case.title, 40),
    Column(_("紧急"), lambda row: row.case.is_urgent or None, 6),
    Column(_("小类代码"), lambda row: row.case.class_code, 10),
    Column(_("小类"), lambda row: row.case.class_name, 20),
    Column(_("地点"), lambda row: row.case.address, 36),
    Column(_("来源"), lambda row: row.source, 10),
    Column(_("环节"), lambda row: row.case.stage_label, 10),
    Column(_("主办部门"), lambda row: row.department, 18),
    Column(_("计时"), lambda row: CLOCK_TITLES.get(row.case.clock_stage, ""), 8),
    Column(_("时限至"), lambda row: row.case.due_at, 17),
    Column(_("灯"), lambda row: LAMP_NAMES.get(row.lamp, ""), 8),
    Column(_("剩余"), lambda row: "" if row.left is None else remaining_text(row.left, row.case.due_unit), 18),
    Column(_("上报时间"), lambda row: row.case.reported_at, 17),
    Column(_("最近变动"), lambda row: row.case.last_step_at, 17),
)

NOTICE_COLUMNS = (
    Column(_("时间"), lambda notice: notice.at, 17),
    Column(_("通知"), lambda notice: notice.text, 60),
    Column(_("案号"), lambda notice: notice.case.number if notice.case else "", 16),
    Column(_("已读"), lambda notice: notice.read_at is not None, 6),
)


def rows_of_cases(batch: list[Case]) -> Iterable[Row]:
    return rows_of(batch, now())


def all_cases(actor: Actor, params: Mapping[str, str]) -> QuerySet[Case]:
    return _fields(_ordered(filters.filtered(visible_to(actor), filters.chosen(params)), params, "-id"))


def queued_cases(actor: Actor, params: Mapping[str, str]) -> QuerySet[Case]:
    source: Any = asking if params.get("tab") == "asks" else queue
    return _fields(_ordered(filters.filtered(source(actor), filters.chosen(params)), params, "queue_at", "id"))


def _ordered(cases: QuerySet[Case], params: Mapping[str, str], *usual: str) -> QuerySet[Case]:
    """A queue's own order is that by due time."""
    sort = orders.sort_in(params)
    return orders.in_order(cases, sort, in_queue="queue_at" in usual) if sort else cases.order_by(*usual)


def _fields(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("main_department").only(*filters.COLUMNS)


def own_notices(actor: Actor, params: Mapping[str, str]) -> QuerySet[Notice]:
    return notices.notices_of(actor).select_related("case").order_by("-id")
