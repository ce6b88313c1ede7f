"""The life of a case, whole and in one place (DESIGN §5; STANDARDS §6).

`STEPS` is the one table: verb, from, to, who, what must be brought, what happens to which clock. Buttons, forms, the
API, permissions, the planner, the diagram in docs/workflow.md and the tests read it. What else a step changes is the
second short list, `consequences.CONSEQUENCES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengyun.people.roles import Role


class Stage(TextChoices):
    REPORTED = "reported", _("待受理")
    VERIFYING = "verifying", _("核实中")
    ACCEPTED = "accepted", _("待立案")
    FILED = "filed", _("待派遣")
    DISPATCHED = "dispatched", _("待接收")
    HANDLING = "handling", _("处置中")
    RETURNING = "returning", _("回退待审")
    VOIDING = "voiding", _("作废待审")
    SUSPENDED = "suspended", _("挂账中")
    FED_BACK = "fed_back", _("待核查")
    CHECKING = "checking", _("核查中")
    CHECKED = "checked", _("待结案")
    CLOSED = "closed", _("已结案")
    REFUSED = "refused", _("不予受理")
    VOID = "void", _("已作废")
    MERGED = "merged", _("已并案")


ENDED: Final = (Stage.CLOSED, Stage.REFUSED, Stage.VOID, Stage.MERGED)
OPEN: Final = tuple(stage for stage in Stage if stage not in ENDED)
BEFORE_FILING: Final = (Stage.REPORTED, Stage.ACCEPTED)
WITH_DEPARTMENT: Final = (Stage.DISPATCHED, Stage.HANDLING, Stage.RETURNING, Stage.SUSPENDED)
AFTER_FILING: Final = (Stage.FILED, *WITH_DEPARTMENT, Stage.FED_BACK, Stage.CHECKING, Stage.CHECKED)
SAME: Final = "same"  # the step leaves the stage as it is
BEFORE: Final = "before"  # back to the stage before the step that is undone

# Who has the case before him in each stage. A suspended case waits for nobody.
WAITS_FOR: Final[dict[Stage, Role]] = {
    Stage.REPORTED: Role.RECEIVER,
    Stage.VERIFYING: Role.COLLECTOR,
    Stage.ACCEPTED: Role.DUTY_CHIEF,
    Stage.FILED: Role.DISPATCHER,
    Stage.DISPATCHED: Role.HANDLER,
    Stage.HANDLING: Role.HANDLER,
    Stage.RETURNING: Role.DISPATCHER,
    Stage.VOIDING: Role.DUTY_CHIEF,
    Stage.FED_BACK: Role.RECEIVER,
    Stage.CHECKING: Role.COLLECTOR,
    Stage.CHECKED: Role.DUTY_CHIEF,
}


class ClockStage(TextChoices):
    ACCEPT = "accept", _("受理")
    DISPATCH = "dispatch", _("派遣")
    HANDLE = "handle", _("处置")
    VERIFY = "verify", _("核实")
    CHECK = "check", _("核查")
    CLOSE = "close", _("结案")


CLOCK_TITLES: Final = {stage.value: stage.label for stage in ClockStage}


class Tie(TextChoices):
    """What binds the actor to the case besides the role."""

    CENTRE = "centre", _("监督指挥中心")
    MAIN = "main", _("主办部门")
    SECOND = "second", _("主办部门另一人")  # the first level of a two-level approval
    CO = "co", _("协办部门")
    TASK = "task", _("承担核实、核查任务")
    SYSTEM = "system", _("系统")
    AUTHOR = "author", _("办理人本人")  # whoever took the case's last step


@dataclass(frozen=True)
class Who:
    role: Role | None
    tie: Tie


RECEIVER: Final = Who(Role.RECEIVER, Tie.CENTRE)
DUTY_CHIEF: Final = Who(Role.DUTY_CHIEF, Tie.CENTRE)
DISPATCHER: Final = Who(Role.DISPATCHER, Tie.CENTRE)
SUPERVISOR: Final = Who(Role.SUPERVISOR, Tie.CENTRE)
EVALUATOR: Final = Who(Role.EVALUATOR, Tie.CENTRE)
LEADER: Final = Who(Role.LEADER, Tie.CENTRE)
COLLECTOR: Final = Who(Role.COLLECTOR, Tie.TASK)
HANDLER: Final = Who(Role.HANDLER, Tie.MAIN)
CO_HANDLER: Final = Who(Role.HANDLER, Tie.CO)
DEPARTMENT_LEADER: Final = Who(Role.LEADER, Tie.SECOND)
SECOND_HANDLER: Final = Who(Role.HANDLER, Tie.SECOND)
SYSTEM: Final = Who(None, Tie.SYSTEM)
AUTHOR: Final = Who(None, Tie.AUTHOR)


@dataclass(frozen=True)
class Effect:
    """What a step does to one clock; `op` is a function of `clocks.effects`."""

    op: str
    clock: ClockStage


def start(clock: str) -> Effect:
    return Effect("start", ClockStage(clock))


def stop(clock: str) -> Effect:
    return Effect("stop", ClockStage(clock))


def pause(clock: str) -> Effect:
    return Effect("pause", ClockStage(clock))


def resume(clock: str) -> Effect:
    return Effect("resume", ClockStage(clock))


def restart(clock: str) -> Effect:
    return Effect("restart", ClockStage(clock))


def extend(clock: str) -> Effect:
    return Effect("extend", ClockStage(clock))


def exempt(clock: str) -> Effect:
    return Effect("exempt", ClockStage(clock))


STOP_ALL: Final = tuple(Effect("stop", stage) for stage in ClockStage)
# A case that comes back to its former department runs on; another department starts anew (STANDARDS §6.3).
RESUME_OR_RESTART: Final = "resume_or_restart"
# An older system tells the deadline, or none; then no clock runs.
START_TOLD: Final = "start_told"


@dataclass(frozen=True)
class Step:
    verb: str
    title: str | Promise
    source: tuple[Stage, ...]  # () for a report that has no stage yet
    target: str  # a Stage or SAME
    who: tuple[Who, ...]
    brings: tuple[str, ...] = ()  # fields that must be given; see fields.FIELDS
    may_bring: tuple[str, ...] = ()
    clocks: tuple[Effect, ...] = ()
    guards: tuple[str, ...] = ()  # functions of guards.py, asked in order
    key: str = ""  # the letter that takes the step at the desk
    minor: bool = False  # shown under «more», not as one of the stage's own buttons
    # May be taken back within the minute: whatever told no citizen, ended nothing and brought no pictures.
    undoable: bool = False
    bulk: bool = False  # may be taken for many cases of a list at once


def _table(*steps: Step) -> dict[str, Step]:
    return {step.verb: step for step in steps}


S = Stage
STEPS: Final[dict[str, Step]] = _table(
    # --- from a report to a filed case --------------------------------------------------------------------------
    Step("report", _("上报"), (), S.REPORTED, (SYSTEM,), clocks=(start("accept"),)),
    Step("send_verify", _("发核实"), (S.REPORTED,), S.VERIFYING, (RECEIVER,), may_bring=("collector", "note"),
         clocks=(pause("accept"), restart("verify")), key="h", undoable=True, bulk=True),
    Step("verify_report", _("核实反馈"), (S.VERIFYING,), S.REPORTED, (COLLECTOR,), ("finding",), ("note", "photos"),
         clocks=(stop("verify"), resume("accept")), key="f"),
    Step("recall_verify", _("收回核实"), (S.VERIFYING,), S.REPORTED, (RECEIVER,), ("reason",),
         clocks=(stop("verify"), resume("accept")), minor=True, undoable=True),
    Step("accept", _("受理"), (S.REPORTED,), S.ACCEPTED, (RECEIVER,), ("minor_class",), ("note",),
         clocks=(stop("accept"),), key="s", undoable=True, bulk=True),
    Step("refuse", _("不予受理"), (S.REPORTED,), S.REFUSED, (RECEIVER,), ("reason",), clocks=STOP_ALL,
         key="x", bulk=True),
    Step("handle_on_spot", _("随手处置"), (S.REPORTED,), S.CHECKED, (COLLECTOR,), ("minor_class", "note", "photos"),
         clocks=(stop("accept"), restart("close")), guards=("is_own_report",), key="z"),
    Step("file", _("立案"), (S.ACCEPTED,), S.FILED, (DUTY_CHIEF,), ("condition",), ("note",),
         clocks=(restart("dispatch"),), guards=("not_controlled",), key="l", undoable=True, bulk=True),
    Step("decline", _("不予立案"), (S.ACCEPTED,), S.REFUSED, (DUTY_CHIEF,), ("reason",), clocks=STOP_ALL, key="x",
         bulk=True),
    Step("give_back", _("退回受理员"), (S.ACCEPTED,), S.REPORTED, (DUTY_CHIEF,), ("reason",),
         clocks=(restart("accept"),), key="t", undoable=True),
    Step("correct", _("更正"), (*BEFORE_FILING, S.FILED), SAME, (RECEIVER, DUTY_CHIEF, DISPATCHER), ("reason",),
         ("title", "address", "location", "is_urgent"), minor=True),
    Step("merge", _("并案"), (*BEFORE_FILING, S.FILED), S.MERGED, (RECEIVER, DUTY_CHIEF, DISPATCHER), ("target",),
         ("note",), clocks=STOP_ALL, guards=("target_can_take",), minor=True),
    Step("split", _("拆分"), BEFORE_FILING, SAME, (RECEIVER, DUTY_CHIEF), ("title", "words"), minor=True),
    # --- dispatch -----------------------------------------------------------------------------------------------
    Step("dispatch", _("派遣"), (S.FILED,), S.DISPATCHED, (DISPATCHER,), ("department",), ("co_departments", "note"),
         clocks=(stop("dispatch"), Effect(RESUME_OR_RESTART, ClockStage.HANDLE)), guards=("co_differs",), key="p",
         undoable=True, bulk=True),
    Step("recall", _("撤回派遣"), (S.DISPATCHED,), S.FILED, (DISPATCHER,), ("reason",),
         clocks=(pause("handle"), restart("dispatch")), minor=True, undoable=True),
    Step("apply_void", _("申请作废"), (S.FILED,), S.VOIDING, (DISPATCHER,), ("reason",), clocks=(pause("dispatch"),),
         minor=True, undoable=True),
    Step("grant_void", _("同意作废"), (S.VOIDING,), S.VOID, (DUTY_CHIEF,), (), ("note",), clocks=STOP_ALL, key="y"),
    Step("deny_void", _("不同意作废"), (S.VOIDING,), S.FILED, (DUTY_CHIEF,), ("reason",), clocks=(resume("dispatch"),),
         key="n"),
    # --- handling -----------------------------------------------------------------------------------------------
    Step("receive", _("接收"), (S.DISPATCHED,), S.HANDLING, (HANDLER,), (), ("handler", "note"), key="j",
         undoable=True, bulk=True),
    Step("assign", _("指派人员"), (S.HANDLING,), SAME, (HANDLER,), ("handler",), ("note",), minor=True,
         undoable=True, bulk=True),
    Step("unassign", _("撤销指派"), (S.HANDLING,), SAME, (HANDLER,), guards=("is_assigned",), minor=True,
         undoable=True),
    Step("apply_return", _("申请回退"), (S.DISPATCHED, S.HANDLING), S.RETURNING, (HANDLER,), ("reason",),
         clocks=(pause("handle"),), guards=("dispute_open", "not_assigned", "nothing_pending"), key="t", undoable=True),
    Step("grant_return", _("同意回退"), (S.RETURNING,), S.FILED, (DISPATCHER,), (), ("note",),
         clocks=(restart("dispatch"),), key="y", bulk=True),
    Step("deny_return", _("不同意回退"), (S.RETURNING,), S.DISPATCHED, (DISPATCHER,), ("reason",),
         clocks=(resume("handle"),), key="n"),
    Step("decide_dispute", _("裁定责任"), (S.RETURNING,), S.DISPATCHED, (DUTY_CHIEF, LEADER), ("department", "reason"),
         clocks=(Effect(RESUME_OR_RESTART, ClockStage.HANDLE),), minor=True),
    Step("apply_extension", _("申请延期"), (S.HANDLING,), SAME, (HANDLER,), ("reason",),
         guards=("nothing_pending", "not_overdue", "extensions_left"), key="q", undoable=True),
    Step("apply_suspension", _("申请挂账"), (S.HANDLING,), SAME, (HANDLER,), ("reason", "until"),
         guards=("nothing_pending", "not_overdue", "until_within_limit"), key="g", undoable=True),
    Step("endorse", _("部门初审同意"), (S.HANDLING,), SAME, (DEPARTMENT_LEADER, SECOND_HANDLER), (), ("note",),
         guards=("awaits_endorsement",), key="y", bulk=True),
    Step("grant_extension", _("同意延期"), (S.HANDLING,), SAME, (DISPATCHER,), (), ("note",),
         clocks=(extend("handle"),), guards=("awaits_extension",), key="y", bulk=True),
    Step("grant_suspension", _("同意挂账"), (S.HANDLING,), S.SUSPENDED, (DISPATCHER,), (), ("note",),
         clocks=(pause("handle"),), guards=("awaits_suspension",), key="y", bulk=True),
    Step("deny_request", _("驳回申请"), (S.HANDLING,), SAME, (DISPATCHER, DEPARTMENT_LEADER, SECOND_HANDLER),
         ("reason",), guards=("request_is_mine_to_deny",), key="n"),
    Step("resume", _("恢复处置"), (S.SUSPENDED,), S.HANDLING, (DISPATCHER, HANDLER, SYSTEM), (), ("note",),
         clocks=(resume("handle"),), key="r"),
    Step("feed_back_part", _("协办反馈"), (S.DISPATCHED, S.HANDLING), SAME, (CO_HANDLER,), ("note",), ("photos",),
         guards=("part_is_open",), key="b"),
    Step("bundle", _("捆绑计时"), (S.DISPATCHED, S.HANDLING), SAME, (DISPATCHER,), ("others",), ("note",),
         guards=("bundle_fits",), minor=True),
    Step("feed_back", _("处置反馈"), (S.HANDLING,), S.FED_BACK, (HANDLER,), ("note",), ("photos",),
         clocks=(pause("handle"),), guards=("nothing_pending", "parts_are_done", "feedback_has_photo"), key="f"),
    # --- checking and closing -----------------------------------------------------------------------------------
    Step("send_check", _("发核查"), (S.FED_BACK,), S.CHECKING, (RECEIVER,), (), ("collector", "note"),
         clocks=(restart("check"),), key="h", undoable=True, bulk=True),
    Step("check_pass", _("核查通过"), (S.CHECKING,), S.CHECKED, (COLLECTOR,), ("photos",), ("note",),
         clocks=(stop("check"), restart("close")), key="y"),
    Step("check_fail", _("核查不通过"), (S.CHECKING,), S.HANDLING, (COLLECTOR,), ("reason",), ("photos",),
         clocks=(stop("check"), resume("handle")), key="n"),
    Step("recall_check", _("收回核查"), (S.CHECKING,), S.FED_BACK, (RECEIVER,), ("reason",), clocks=(stop("check"),),
         minor=True, undoable=True),
    Step("rework", _("返工"), (S.FED_BACK, S.CHECKED), S.HANDLING, (RECEIVER, DUTY_CHIEF), ("reason",),
         clocks=(stop("close"), resume("handle")), guards=("was_dispatched",), key="t"),
    Step("close", _("结案"), (S.CHECKED,), S.CLOSED, (DUTY_CHIEF,), ("closing_met",), ("note",), clocks=STOP_ALL,
         key="e", bulk=True),
    Step("close_by_authority", _("强制结案"), AFTER_FILING, S.CLOSED, (LEADER, SUPERVISOR), ("reason",),
         clocks=STOP_ALL, minor=True),
    Step("reopen", _("重新立案"), (S.CLOSED,), S.FILED, (DUTY_CHIEF,), ("reason",), clocks=(restart("dispatch"),),
         minor=True),
    # --- beside the main path -----------------------------------------------------------------------------------
    Step("supervise", _("督办"), AFTER_FILING, SAME, (SUPERVISOR, LEADER, DISPATCHER), ("note", "answer_by"),
         guards=("not_supervised",), minor=True),
    Step("answer_supervision", _("督办回复"), AFTER_FILING, SAME, (HANDLER, RECEIVER), ("note",),
         guards=("is_supervised",), key="d"),
    Step("instruct", _("领导批示"), OPEN, SAME, (LEADER,), ("note",), minor=True, undoable=True),
    Step("appeal", _("超时申诉"), (S.CLOSED,), SAME, (HANDLER,), ("reason",),
         guards=("handling_was_overdue", "never_appealed"), key="u"),
    Step("endorse_appeal", _("申诉初审同意"), (S.CLOSED,), SAME, (EVALUATOR,), (), ("note",), guards=("appeal_is_new",),
         key="y"),
    Step("grant_appeal", _("申诉成立"), (S.CLOSED,), SAME, (LEADER, DUTY_CHIEF), (), ("note",),
         clocks=(exempt("handle"),), guards=("appeal_is_endorsed",), key="y"),
    Step("deny_appeal", _("申诉不成立"), (S.CLOSED,), SAME, (EVALUATOR, LEADER, DUTY_CHIEF), ("reason",),
         guards=("appeal_is_mine_to_deny",), key="n"),
    Step("attach", _("关联上报"), OPEN, SAME, (SYSTEM,)),
    Step("supplement", _("补充内容"), tuple(Stage), SAME, (SYSTEM,)),
    Step("take_merged", _("并入案件"), OPEN, SAME, (SYSTEM,)),
    Step("recalculate", _("时限重算"), OPEN, SAME, (SYSTEM,),
         clocks=tuple(Effect("recalculate", clock) for clock in ClockStage)),
    # --- taken back ---------------------------------------------------------------------------------------------
    Step("undo", _("撤销"), OPEN, BEFORE, (AUTHOR,), clocks=tuple(Effect("restore", clock) for clock in ClockStage),
         guards=("can_be_undone",), minor=True),
    # --- cases of an older system, with its times ---------------------------------------------------------------
    Step("import", _("历史导入"), (S.REPORTED,), S.DISPATCHED, (SYSTEM,),
         clocks=(stop("accept"), Effect(START_TOLD, ClockStage.HANDLE))),
    Step("import_close", _("历史结案"), WITH_DEPARTMENT, S.CLOSED, (SYSTEM,), clocks=STOP_ALL),
    Step("import_void", _("历史作废"), WITH_DEPARTMENT, S.VOID, (SYSTEM,), clocks=STOP_ALL),
)  # fmt: skip
