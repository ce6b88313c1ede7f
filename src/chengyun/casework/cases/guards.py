"""What must hold besides stage, role and fields. Each guard answers a sentence for the user, or nothing.

Named in `workflow.STEPS`; asked in that order. Pure: state, input and the county's rules in, sentence out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from chengyun.casework.cases.state import By, CaseState, Input, Rules
from chengyun.casework.cases.workflow import ENDED, Stage


@dataclass(frozen=True)
class Attempt:
    state: CaseState
    given: Input
    by: By
    at: dt.datetime
    rules: Rules

    @property
    def note(self) -> str:
        return str(self.given.get("reason") or self.given.get("note") or "").strip()


def is_own_report(a: Attempt) -> str:
    own = any(party.user_id == a.by.user_id for party in a.state.open_parties("reporter"))
    return "" if own else _("只有上报该问题的采集员可以随手处置")


def not_controlled(a: Attempt) -> str:
    return _("该类问题在管控区域或时段内不立案：%s") % a.given["controlled"] if a.given.get("controlled") else ""


def target_can_take(a: Attempt) -> str:
    target = a.given["target"]
    if target.id == a.state.id:
        return _("不能并入自身；请填写另一个案件编号")
    ended = target.stage in ENDED
    return _("案件 %s 已结束，不能再并入") % target.number if ended else ""


def co_differs(a: Attempt) -> str:
    same = any(co.id == a.given["department"].id for co in a.given.get("co_departments", ()))
    return _("协办部门不能与主办部门相同；请修改“协办部门”") if same else ""


def is_assigned(a: Attempt) -> str:
    return "" if a.state.facts.handler_id else _("案件没有指派处置人员，无需撤销")


def not_assigned(a: Attempt) -> str:
    return _("案件已指派处置人员；请先撤销指派，再申请回退") if a.state.facts.handler_id else ""


def dispute_open(a: Attempt) -> str:
    return _("责任已裁定，不能再次回退") if a.state.facts.dispute_decided else ""


def nothing_pending(a: Attempt) -> str:
    return _("有申请正在审批；请等待审批结果") if a.state.pending("extension", "suspension") else ""


def not_overdue(a: Attempt) -> str:
    clock = a.state.clocks.get("handle")
    return _("处置已超时，不能再申请延期或挂账") if clock and clock.overdue(a.at) else ""


def extensions_left(a: Attempt) -> str:
    if a.state.facts.extension_count < a.rules.max_extensions:
        return ""
    return _("延期已达 %d 次，不能再申请") % a.rules.max_extensions


def until_within_limit(a: Attempt) -> str:
    until = a.given["until"]
    if until <= a.at:
        return _("“挂账至”必须晚于现在")
    if until > a.at + dt.timedelta(days=a.rules.suspension_days):
        return _("挂账不能超过 %d 天；请修改“挂账至”") % a.rules.suspension_days
    return ""


def awaits_endorsement(a: Attempt) -> str:
    request = a.state.pending("extension", "suspension")
    if request is None or request.state != "new":
        return _("没有待初审的申请")
    same = request.asked_by_id is not None and request.asked_by_id == a.by.user_id
    return _("申请人不能初审自己的申请；请由部门另一人办理") if same and not a.by.on_behalf_of else ""


def awaits_extension(a: Attempt) -> str:
    request = a.state.pending("extension")
    return "" if request and request.state == "endorsed" else _("没有待审批的延期申请")


def awaits_suspension(a: Attempt) -> str:
    request = a.state.pending("suspension")
    return "" if request and request.state == "endorsed" else _("没有待审批的挂账申请")


def request_is_mine_to_deny(a: Attempt) -> str:
    request = a.state.pending("extension", "suspension")
    if request is None:
        return _("没有待审批的申请")
    wanted = "dispatcher" if request.state == "endorsed" else "department"
    mine = (a.by.role == "dispatcher" and not a.by.on_behalf_of) == (wanted == "dispatcher")
    return "" if mine else _("申请不在您这一级审批")


def part_is_open(a: Attempt) -> str:
    open_part = any(p.department_id == _acting_department(a) and not p.done_at for p in a.state.open_parties("co"))
    return "" if open_part else _("贵部门没有待反馈的协办任务")


def _acting_department(a: Attempt) -> int | None:
    return a.by.on_behalf_of.id if a.by.on_behalf_of else a.given.get("part_department_id", a.by.department_id)


def parts_are_done(a: Attempt) -> str:
    waiting = any(party.done_at is None for party in a.state.open_parties("co"))
    return _("协办部门尚未反馈；请等待协办反馈后再提交") if waiting else ""


def feedback_has_photo(a: Attempt) -> str:
    if not a.rules.feedback_needs_photo or a.given.get("photos"):
        return ""
    return _("处置反馈必须附处置后照片；请添加“照片”")


def bundle_fits(a: Attempt) -> str:
    for other in a.given["others"]:
        if other.id == a.state.id:
            return _("不能与自身捆绑；请修改“捆绑的案件”")
        if other.stage not in (Stage.DISPATCHED, Stage.HANDLING):
            return str(_("案件 %s 不在处置阶段，不能捆绑") % other.number)
        if other.main_department_id != a.state.facts.main_department_id:
            return str(_("案件 %s 的主办部门不同，不能捆绑") % other.number)
    return ""


def was_dispatched(a: Attempt) -> str:
    return "" if a.state.facts.main_department_id else _("随手处置的案件没有处置部门，不能返工；请强制结案或重新立案")


def is_supervised(a: Attempt) -> str:
    return "" if a.state.pending("supervision") else _("没有待回复的督办")


def not_supervised(a: Attempt) -> str:
    if a.given["answer_by"] <= a.at:
        return _("“回复期限”必须晚于现在")
    if a.given["answer_by"] > a.at + dt.timedelta(days=a.rules.supervision_days):
        return _("回复期限不能超过 %d 天；请修改“回复期限”") % a.rules.supervision_days
    return _("已有督办尚未回复") if a.state.pending("supervision") else ""


def handling_was_overdue(a: Attempt) -> str:
    return "" if a.state.facts.handling_overdue else _("处置没有超时，无需申诉")


def never_appealed(a: Attempt) -> str:
    return _("每个案件只能申诉一次") if any(r.kind == "appeal" for r in a.state.requests) else ""


def appeal_is_new(a: Attempt) -> str:
    request = a.state.pending("appeal")
    return "" if request and request.state == "new" else _("没有待初审的申诉")


def appeal_is_endorsed(a: Attempt) -> str:
    request = a.state.pending("appeal")
    if request is None or request.state != "endorsed":
        return _("没有待复审的申诉")
    return _("初审人不能复审同一申诉") if request.endorsed_by_id == a.by.user_id else ""


def appeal_is_mine_to_deny(a: Attempt) -> str:
    request = a.state.pending("appeal")
    if request is None:
        return _("没有待审的申诉")
    wanted = ("evaluator",) if request.state == "new" else ("leader", "duty_chief")
    return "" if a.by.role in wanted else _("申诉不在您这一级审批")


def can_be_undone(a: Attempt) -> str:
    point = a.state.undo
    if point is None or point.seq != a.state.facts.version:
        return _("案件已有新的办理，不能撤销")
    if a.at > point.at + dt.timedelta(seconds=a.rules.undo_seconds):
        return _("已超过 %d 秒，不能撤销") % a.rules.undo_seconds
    return _("案件与其他案件捆绑计时，不能撤销") if a.state.facts.bundle_id else ""


Guard = Callable[[Attempt], str]
GUARDS: Final[dict[str, Guard]] = {
    guard.__name__: guard
    for guard in (
        is_own_report, not_controlled, target_can_take, co_differs, is_assigned, not_assigned, dispute_open,
        nothing_pending, not_overdue, extensions_left, until_within_limit, awaits_endorsement, awaits_extension,
        awaits_suspension, request_is_mine_to_deny, part_is_open, parts_are_done, feedback_has_photo, bundle_fits,
        was_dispatched, is_supervised, not_supervised, handling_was_overdue, never_appealed, appeal_is_new,
        appeal_is_endorsed, appeal_is_mine_to_deny, can_be_undone,
    )
}  # fmt: skip

# Guards that need what the user will bring; the others already decide whether the button is offered.
NEED_INPUT: Final = frozenset({
    "not_controlled", "target_can_take", "co_differs", "until_within_limit", "feedback_has_photo", "bundle_fits",
    "not_supervised",
})  # fmt: skip
