"""Taking the last step back: what stood before it is kept beside the case, and read again by the step `undo`."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field

from chengyun.casework.cases.models import Case, CaseParty, Request
from chengyun.casework.cases.state import PartyState, Plan, RequestState, UndoPoint
from chengyun.casework.cases.undo_models import Undo
from chengyun.casework.cases.workflow import STEPS
from chengyun.casework.clocks.as_json import whole_from_json, whole_to_json
from chengyun.core.db.inserted import insert
from chengyun.core.instants import now

# What goes on counting through an undo.
GOES_ON = frozenset({"version", "last_step_at", "head_hash"})
KEEP = dt.timedelta(hours=1)


def keep(plan: Plan, case_id: int) -> None:
    """With the step itself; one statement, and none for steps that cannot be undone."""
    step = plan.step
    if step.by.user_id is None or not STEPS[step.verb].undoable:
        return
    row = Undo(case_id=case_id, seq=step.seq, verb=step.verb, at=step.at, before=_before(plan))
    row.by_user_id, row.by_role = step.by.user_id, step.by.role
    insert([row], replacing=("case_id",))


def _before(plan: Plan) -> dict[str, Any]:
    assert plan.before is not None
    was = plan.before
    moved = {stage for stage, clock in plan.after.clocks.items() if was.clocks.get(stage) != clock}
    return {
        "facts": {name: _plain(getattr(was.facts, name)) for name in plan.changed_facts() if name not in GOES_ON},
        "clocks": {stage: whole_to_json(was.clocks[stage]) if stage in was.clocks else None for stage in moved},
        "parties": [_plain_row(party) for party in was.parties],
        "requests": [_plain_row(request) for request in was.requests],
    }


def point_of(case: Case) -> UndoPoint | None:
    row = Undo.objects.filter(case=case, seq=case.version).first()
    if row is None:
        return None
    clocks = {stage: whole_from_json(clock) if clock else None for stage, clock in row.before["clocks"].items()}
    return UndoPoint(
        row.seq,
        row.verb,
        row.at,
        row.by_user_id,
        row.by_role,
        facts=_read(Case, row.before["facts"]),
        clocks=clocks,
        parties=tuple(PartyState(**_read(CaseParty, each)) for each in row.before["parties"]),
        requests=tuple(RequestState(**_read(Request, each)) for each in row.before["requests"]),
    )


def forget_old() -> None:
    Undo.objects.filter(at__lt=now() - KEEP).delete()


def _plain(value: Any) -> Any:
    """Exact to the microsecond, unlike Django's own encoder."""
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value) if isinstance(value, str) else DjangoJSONEncoder().default(value)


def _plain_row(row: PartyState | RequestState) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(row).items()}


def _read(model: type[Case] | type[CaseParty] | type[Request], stored: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Field[Any, Any]] = {field.attname: field for field in model._meta.concrete_fields}
    return {name: _target(fields[name]).to_python(value) for name, value in stored.items()}


def _target(field: Any) -> Any:
    return field.target_field if field.is_relation else field
