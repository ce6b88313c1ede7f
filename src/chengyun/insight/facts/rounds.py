"""The rounds of a case's timed stages, read off the effects that its steps recorded. Pure.

The clocks are not computed again: each effect carries the deadline that it left (`clocks.as_json`), so that the facts
say what people were shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

BEGINS = frozenset({"start", "restart"})
STANDS = frozenset({"pause", "stop"})


@dataclass(slots=True)
class StepTaken:
    """What of a step matters here; `effects` as the history row keeps them."""

    seq: int
    at: dt.datetime
    verb: str
    user_id: int | None
    department_id: int | None
    names_department_id: int | None
    effects: list[dict[str, Any]]
    undoes: int | None = None
    names_user_id: int | None = None
    # Filled in by `lay_out`.
    holder_id: int | None = None
    clock: str = ""
    clock_due_at: dt.datetime | None = None
    is_undone: bool = False
    is_misdirected: bool = False


@dataclass(slots=True)
class Round:
    clock: str
    round: int
    begun_at: dt.datetime
    begun_by: str
    due_at: dt.datetime
    unit: str
    amount: float
    department_id: int | None
    ended_at: dt.datetime | None = None
    ended_by: str = ""
    user_id: int | None = None
    sent_to_id: int | None = None  # the collector whom a task named
    is_exempt: bool = False
    is_paused: bool = False


def lay_out(steps: Iterable[StepTaken]) -> list[Round]:
    """The rounds in the order in which they began. Marks the steps: undone, who held the case, which clock stood."""
    taken = list(steps)
    undone = {step.undoes for step in taken if step.undoes is not None}
    rounds: dict[tuple[str, int], Round] = {}
    sent: StepTaken | None = None  # the last step that named a department
    for step in taken:
        step.is_undone = step.seq in undone or step.undoes is not None
        step.holder_id = sent.names_department_id if sent else None
        if step.is_undone:
            continue
        if step.names_department_id is not None:
            if sent is not None:
                sent.is_misdirected = sent.names_department_id != step.names_department_id
            step.holder_id, sent = step.names_department_id, step
        for effect in step.effects:
            _apply(rounds, step, effect)
    return list(rounds.values())


def _apply(rounds: dict[tuple[str, int], Round], step: StepTaken, effect: Mapping[str, Any]) -> None:
    kind, clock = effect["effect"], effect["clock"]
    at, due = moment(effect["at"]), moment(effect["due"])
    key = (clock, effect["round"])
    if kind in BEGINS:
        unit, amount = effect["unit"], float(effect["limit"])
        lies_before = step.holder_id if clock == "handle" else None
        sent_to = step.names_user_id
        rounds[key] = Round(
            clock, effect["round"], at, step.verb, due, unit, amount, lies_before, user_id=sent_to, sent_to_id=sent_to
        )
        return
    current = rounds.get(key) or _last(rounds, clock)
    if current is None:
        return
    current.due_at = due
    if kind in STANDS:
        _stand(current, step, at, kind)
    elif kind == "resume":
        current.ended_at, current.ended_by, current.is_paused = None, "", False
        current.user_id = current.sent_to_id
    elif kind == "exempt":
        current.is_exempt = True


def _last(rounds: dict[tuple[str, int], Round], clock: str) -> Round | None:
    """A bundled case goes on with the round of the leading case, whose number may be another."""
    return next((each for (its, _number), each in reversed(rounds.items()) if its == clock), None)


def _stand(current: Round, step: StepTaken, at: dt.datetime, kind: str) -> None:
    """A paused clock that is stopped stopped where it stood: what came after was never its time."""
    if current.ended_at is None:
        current.ended_at, current.ended_by = at, step.verb
        current.user_id = current.sent_to_id or step.user_id
        if not step.clock:
            step.clock, step.clock_due_at = current.clock, current.due_at
    current.is_paused = kind == "pause"


def moment(text: str) -> dt.datetime:
    """An instant of the history as UTC without a zone."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC).replace(tzinfo=None)
