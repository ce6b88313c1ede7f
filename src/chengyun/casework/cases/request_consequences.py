"""What follows from a step for requests (延期 挂账 申诉 督办): asked, endorsed, decided or answered. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from chengyun.casework.cases.guards import Attempt
from chengyun.casework.cases.state import CaseState, RequestState

Consequence = Callable[[CaseState, Attempt, dict[str, Any]], None]


def ask(kind: str, *, levels: bool = True) -> Consequence:
    def consequence(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
        endorsed = levels and not a.rules.two_level_approval
        department = a.by.on_behalf_of.id if a.by.on_behalf_of else a.by.department_id
        until = a.given.get("until") or a.given.get("answer_by")
        draft.requests.append(
            RequestState(kind, "endorsed" if endorsed else "new", a.note, a.at, a.by.user_id, department, until)
        )
        if until:
            data["until"] = until.astimezone(dt.UTC).isoformat()

    return consequence


def decide(state: str, *kinds: str) -> Consequence:
    def consequence(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
        request = draft.pending(*kinds)
        if request is None:
            return
        request.state, request.answer = state, a.note
        if state == "endorsed":
            request.endorsed_by_id = a.by.user_id
        else:
            request.decided_by_id, request.decided_at = a.by.user_id, a.at
        data["request"] = request.kind

    return consequence


def suspend(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    granted = [r for r in draft.requests if r.kind == "suspension" and r.state == "granted"]
    draft.facts.suspended_until = granted[-1].until


def end_suspension(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.suspended_until = None
