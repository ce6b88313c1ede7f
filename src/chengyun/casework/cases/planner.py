"""Plan, then write (DESIGN §4.3): `plan_step(state, verb, given, by, at, rules) -> Plan`, pure.

The order of a plan: stage and fields are checked, guards asked, clocks moved, consequences drawn, queue columns set.
People's services and the bulk writer store the same plans.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from chengyun.casework.cases import workflow
from chengyun.casework.cases.clock_moves import move_clocks, note_overdue
from chengyun.casework.cases.consequences import CONSEQUENCES
from chengyun.casework.cases.fields import FIELDS, FieldKind
from chengyun.casework.cases.guards import GUARDS, Attempt
from chengyun.casework.cases.state import (
    By,
    CaseFacts,
    CaseState,
    Input,
    PartyState,
    PlaceRef,
    Plan,
    Rules,
    StepRow,
)
from chengyun.casework.cases.workflow import BEFORE, ENDED, SAME, WAITS_FOR, ClockStage, Stage, Step
from chengyun.core.errors import UserError
from chengyun.people.roles import Role


@dataclass(frozen=True)
class NewCase:
    """What a report brings to its new case."""

    number: str
    source: str
    title: str
    description: str
    address: str
    place: PlaceRef
    is_urgent: bool = False
    reporter_user_id: int | None = None
    reporter_department_id: int | None = None
    split_from_id: int | None = None
    data: dict[str, Any] | None = None  # commitments and the like, hashed into the chain
    photos: tuple[int, ...] = ()


def plan_report(new: NewCase, by: By, at: dt.datetime, rules: Rules) -> Plan:
    facts = CaseFacts(
        number=new.number,
        stage=Stage.REPORTED,
        version=1,
        source=new.source,
        title=new.title,
        description=new.description,
        reported_at=at,
        address=new.address,
        is_urgent=new.is_urgent,
        split_from_id=new.split_from_id,
        **asdict(new.place),
    )
    draft = CaseState(facts)
    if new.reporter_user_id or new.reporter_department_id:
        draft.parties.append(PartyState("reporter", at, new.reporter_department_id, new.reporter_user_id))
    moved = move_clocks(draft, workflow.STEPS["report"], Attempt(draft, {}, by, at, rules))
    facts.last_step_at = at
    _set_queue_columns(draft)
    row = StepRow(1, "report", "", Stage.REPORTED, at, by, "", new.data or {}, moved, 0, new.photos)
    return Plan(None, draft, row)


def plan_step(state: CaseState, verb: str, given: Input, by: By, at: dt.datetime, rules: Rules) -> Plan:
    """Raises UserError, naming the field where one is at fault; nothing is changed then."""
    step = _known_step(verb)
    # A clock that was set back must not write a history that runs backwards.
    at = max(at, state.facts.last_step_at or at)
    attempt = Attempt(state, given, by, at, rules)
    _check(step, attempt)
    draft = state.copy()
    moved = move_clocks(draft, step, attempt)
    _move_stage(draft, step, at)
    data: dict[str, Any] = {}
    for consequence in CONSEQUENCES.get(verb, ()):
        consequence(draft, attempt, data)
    note_overdue(draft, at)
    if by.user_id is not None:
        draft.facts.unseen_supplements = 0  # whoever acts has seen the page
    draft.facts.version += 1
    spent = int((at - (state.facts.last_step_at or at)).total_seconds())
    draft.facts.last_step_at = at
    _set_queue_columns(draft)
    if given.get("photo_commitments"):
        data["commitments"] = dict(given["photo_commitments"])
    row = StepRow(
        draft.facts.version, verb, state.facts.stage, draft.facts.stage, at, by, attempt.note, data, moved, spent,
        tuple(given.get("photos", ())),
    )  # fmt: skip
    return Plan(state, draft, row)


# --- checks -----------------------------------------------------------------------------------------------------------


def _known_step(verb: str) -> Step:
    step = workflow.STEPS.get(verb)
    if step is None or not step.source:
        raise UserError(_("没有名为“%s”的步骤") % verb)
    return step


def _check(step: Step, attempt: Attempt) -> None:
    stage = Stage(attempt.state.facts.stage)
    if stage not in step.source:
        raise UserError(_("案件处于“%(stage)s”，不能%(step)s；请刷新页面") % {"stage": stage.label, "step": step.title})
    for name in step.brings:
        _check_field(name, attempt.given.get(name))
    for name in (*step.brings, *step.may_bring):
        _check_length(name, attempt.given.get(name))
    for name in step.guards:
        if sentence := GUARDS[name](attempt):
            raise UserError(sentence)


def _check_field(name: str, value: Any) -> None:
    missing = value is None or value == "" or value == () or value is False
    if missing or (isinstance(value, str) and not value.strip()):
        raise UserError(_("请填写“%s”") % FIELDS[name].title, field=name)


def _check_length(name: str, value: Any) -> None:
    field = FIELDS[name]
    if field.kind in (FieldKind.TEXT, FieldKind.LINE) and value and len(value) > field.max_length:
        sentence = _("“%(field)s”最多 %(most)d 字，现有 %(now)d 字")
        raise UserError(sentence % {"field": field.title, "most": field.max_length, "now": len(value)}, field=name)


# --- stage and queue columns ------------------------------------------------------------------------------------------

CLOCK_OF: Final[dict[Stage, ClockStage]] = {
    Stage.REPORTED: ClockStage.ACCEPT,
    Stage.VERIFYING: ClockStage.VERIFY,
    Stage.FILED: ClockStage.DISPATCH,
    Stage.VOIDING: ClockStage.DISPATCH,
    Stage.DISPATCHED: ClockStage.HANDLE,
    Stage.HANDLING: ClockStage.HANDLE,
    Stage.RETURNING: ClockStage.HANDLE,
    Stage.SUSPENDED: ClockStage.HANDLE,
    Stage.CHECKING: ClockStage.CHECK,
    Stage.CHECKED: ClockStage.CLOSE,
}


def _move_stage(draft: CaseState, step: Step, at: dt.datetime) -> None:
    if step.target in (SAME, BEFORE):
        return
    draft.facts.stage = step.target
    if step.target in ENDED:
        draft.facts.ended_at = at
        for party in draft.parties:
            if party.role in ("collector", "handler"):
                party.until = party.until or at


def _set_queue_columns(draft: CaseState) -> None:
    facts = draft.facts
    stage = Stage(facts.stage)
    role = WAITS_FOR.get(stage)
    facts.waits_for = role or ""
    facts.waits_department_id = facts.main_department_id if role == Role.HANDLER else None
    facts.waits_user_id = facts.handler_id if role == Role.HANDLER else None
    if role == Role.COLLECTOR:
        task = draft.open_parties("collector")
        facts.waits_user_id = task[-1].user_id if task else None
    _set_asks(draft, stage)
    _set_clock_columns(draft, stage)
    facts.queue_at = (facts.due_at or facts.last_step_at) if stage not in ENDED else None


def _set_asks(draft: CaseState, stage: Stage) -> None:
    facts = draft.facts
    facts.asks_role, facts.asks_department_id = "", None
    request = draft.pending("extension", "suspension", "appeal") or draft.pending("supervision")
    if request is None:
        return
    if request.kind == "supervision":
        with_department = stage in workflow.WITH_DEPARTMENT
        facts.asks_role = Role.HANDLER if with_department else Role.RECEIVER
        facts.asks_department_id = facts.main_department_id if with_department else None
    elif request.kind == "appeal":
        facts.asks_role = Role.EVALUATOR if request.state == "new" else Role.DUTY_CHIEF
    elif request.state == "new":
        facts.asks_role, facts.asks_department_id = Role.HANDLER, facts.main_department_id
    else:
        facts.asks_role = Role.DISPATCHER


def _set_clock_columns(draft: CaseState, stage: Stage) -> None:
    facts = draft.facts
    clock = draft.clocks.get(CLOCK_OF.get(stage, ""))
    if clock is None or clock.is_stopped:
        facts.clock_stage, facts.due_unit = "", ""
        facts.due_at = facts.yellow_at = None
        facts.is_paused = facts.is_provisional = False
        return
    facts.clock_stage, facts.due_unit = clock.stage, clock.limit.unit
    facts.due_at, facts.yellow_at = clock.due_at, clock.yellow_at
    facts.is_paused, facts.is_provisional = clock.is_paused, clock.provisional
