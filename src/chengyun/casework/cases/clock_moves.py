"""What a step does to the case's clocks: which operation its effects mean now, under which limit. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, cast

from chengyun.casework.cases import workflow
from chengyun.casework.cases.guards import Attempt
from chengyun.casework.cases.state import CaseState
from chengyun.casework.cases.workflow import ClockStage, Effect, Step
from chengyun.casework.clocks import effects
from chengyun.casework.clocks.as_json import effect_to_json
from chengyun.casework.clocks.effects import ClockState, Limit
from chengyun.core.worktime.units import Unit


def move_clocks(draft: CaseState, step: Step, a: Attempt) -> list[dict[str, Any]]:
    moved = []
    for effect in step.clocks:
        op = _resolve(effect, draft, a)
        if op is None:
            continue
        clock = OPERATIONS[op](draft, effect.clock, a)
        draft.clocks[effect.clock] = clock
        if op == "remove":
            del draft.clocks[effect.clock]
        moved.append(effect_to_json(op, clock, a.at))
    return moved


def _resolve(effect: Effect, draft: CaseState, a: Attempt) -> str | None:
    """The operation that `effect` means now; None where there is nothing to do."""
    clock = draft.clocks.get(effect.clock)
    if effect.op == "restore":
        return _restoring(effect.clock, a)
    if effect.op == workflow.START_TOLD:
        return "start" if a.given.get("limit") else None
    if effect.op == workflow.RESUME_OR_RESTART and clock and clock.is_paused and _same_department(draft, a):
        return "resume"
    if effect.op in ("start", "restart", workflow.RESUME_OR_RESTART):
        return "restart" if clock else "start"
    if clock is None:
        return None
    if effect.clock == ClockStage.HANDLE and effect.op in ("pause", "stop") and draft.bundle_open:
        return None  # the bundle's clock runs until its last case is fed back
    possible = {
        "stop": not clock.is_stopped,
        "pause": clock.is_running,
        "resume": clock.is_paused,
        "extend": not clock.is_stopped,
        "exempt": True,
        "recalculate": not clock.is_stopped and clock.calendar_version != a.rules.calendar.version,
    }
    return effect.op if possible[effect.op] else None


def _restoring(clock: ClockStage, a: Attempt) -> str | None:
    if a.state.undo is None or clock not in a.state.undo.clocks:
        return None
    return "restore" if a.state.undo.clocks[clock] else "remove"


def _clock_before(clock: ClockStage, a: Attempt) -> ClockState:
    before = a.state.undo.clocks[clock] if a.state.undo else None
    assert before is not None
    return before


def _same_department(draft: CaseState, a: Attempt) -> bool:
    return bool(draft.facts.main_department_id == a.given["department"].id)


def _limit(draft: CaseState, stage: ClockStage, a: Attempt) -> Limit:
    rules = a.rules
    if stage == ClockStage.HANDLE:
        if told := a.given.get("limit"):
            return cast(Limit, told)
        facts = draft.facts
        if facts.limit_amount is None:
            return rules.handle_limit
        return Limit(facts.limit_amount, Unit(facts.limit_unit), facts.area_class, facts.condition_version)
    limits: dict[ClockStage, Limit] = {
        ClockStage.ACCEPT: rules.accept_limit,
        ClockStage.DISPATCH: rules.dispatch_limit,
        ClockStage.VERIFY: rules.verify_limit,
        ClockStage.CHECK: rules.check_limit,
        ClockStage.CLOSE: rules.close_limit,
    }
    return limits[stage]


Operation = Callable[[CaseState, ClockStage, Attempt], ClockState]
OPERATIONS: Final[dict[str, Operation]] = {
    "start": lambda d, s, a: effects.start(s, a.at, _limit(d, s, a), a.rules.calendar, a.rules.yellow_share),
    "restart": lambda d, s, a: effects.restart(
        d.clocks[s], a.at, _limit(d, s, a), a.rules.calendar, a.rules.yellow_share
    ),
    "pause": lambda d, s, a: effects.pause(d.clocks[s], a.at, a.rules.calendar),
    "resume": lambda d, s, a: effects.resume(d.clocks[s], a.at, a.rules.calendar),
    "extend": lambda d, s, a: effects.extend(d.clocks[s], a.at, a.rules.calendar),
    "stop": lambda d, s, a: effects.stop(d.clocks[s], a.at, a.rules.calendar),
    "exempt": lambda d, s, a: effects.exempt(d.clocks[s], a.at),
    "restore": lambda d, s, a: _clock_before(s, a),
    "remove": lambda d, s, a: d.clocks[s],
    "recalculate": lambda d, s, a: effects.recalculate(d.clocks[s], a.at, a.rules.calendar),
}


def note_overdue(draft: CaseState, at: dt.datetime) -> None:
    """The raw fact: handling passed its deadline before it was handed back. Never cleared."""
    handle = draft.clocks.get(ClockStage.HANDLE)
    if handle and handle.overdue(at):
        draft.facts.handling_overdue = True
