"""What the planner reads and what it answers: plain values, no database.

`CaseFacts` has exactly the columns of `models.Case` that steps change or carry, so that one writer serves single steps
and bulk loads alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from chengyun.casework.clocks.effects import ClockState, Limit
from chengyun.core.worktime.calendar import Calendar
from chengyun.core.worktime.units import Unit


@dataclass(frozen=True)
class DepartmentRef:
    id: int
    name: str
    works_online: bool = True


@dataclass(frozen=True)
class PersonRef:
    id: int
    name: str


@dataclass(frozen=True)
class ClassRef:
    id: int
    kind: str
    code: str
    name: str
    standard: str


@dataclass(frozen=True)
class ConditionRef:
    id: int
    version: int
    text: str
    closing: str
    limit: Limit


@dataclass(frozen=True)
class CaseRef:
    id: int
    number: str
    stage: str
    main_department_id: int | None = None
    version: int = 0


@dataclass(frozen=True)
class PlaceRef:
    """A case's place as the regions stood then; `regions.locate.Place` with room for «nowhere»."""

    lon: float | None = None
    lat: float | None = None
    county_code: str = ""
    township_code: str = ""
    community_code: str = ""
    cell_code: str = ""
    area_class: str = ""
    region_version_id: int | None = None
    grid_id: int | None = None
    grid_collector_id: int | None = None


@dataclass(slots=True)
class CaseFacts:
    number: str
    stage: str
    version: int
    source: str
    title: str
    description: str
    reported_at: dt.datetime
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    county_code: str = ""
    township_code: str = ""
    community_code: str = ""
    cell_code: str = ""
    area_class: str = ""
    region_version_id: int | None = None
    grid_id: int | None = None
    grid_collector_id: int | None = None
    is_urgent: bool = False
    is_on_spot: bool = False
    minor_class_id: int | None = None
    class_code: str = ""
    class_name: str = ""
    condition_id: int | None = None
    condition_version: int | None = None
    # The handling limit, pinned when the condition was chosen; the handle clock starts with it at dispatch.
    limit_amount: Decimal | None = None
    limit_unit: str = ""
    main_department_id: int | None = None
    handler_id: int | None = None
    waits_for: str = ""
    waits_department_id: int | None = None
    waits_user_id: int | None = None
    asks_role: str = ""
    asks_department_id: int | None = None
    clock_stage: str = ""
    queue_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    yellow_at: dt.datetime | None = None
    due_unit: str = ""
    is_paused: bool = False
    is_provisional: bool = False
    suspended_until: dt.datetime | None = None
    return_count: int = 0
    rework_count: int = 0
    extension_count: int = 0
    reopen_count: int = 0
    dispute_decided: bool = False
    handling_overdue: bool = False
    overdue_exempt: bool = False
    unseen_supplements: int = 0
    accepted_at: dt.datetime | None = None
    filed_at: dt.datetime | None = None
    dispatched_at: dt.datetime | None = None
    fed_back_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    bundle_id: int | None = None
    merged_into_id: int | None = None
    split_from_id: int | None = None
    last_step_at: dt.datetime | None = None
    head_hash: str = ""


@dataclass(slots=True)
class PartyState:
    role: str  # main, co, handler, collector, reporter
    since: dt.datetime
    department_id: int | None = None
    user_id: int | None = None
    until: dt.datetime | None = None
    done_at: dt.datetime | None = None
    note: str = ""
    id: int | None = None


@dataclass(slots=True)
class RequestState:
    kind: str  # extension, suspension, appeal, supervision
    state: str  # new, endorsed, granted, denied, answered
    reason: str
    asked_at: dt.datetime
    asked_by_id: int | None = None
    department_id: int | None = None
    until: dt.datetime | None = None
    endorsed_by_id: int | None = None
    decided_by_id: int | None = None
    decided_at: dt.datetime | None = None
    answer: str = ""
    id: int | None = None

    @property
    def is_pending(self) -> bool:
        return self.state in ("new", "endorsed")


@dataclass(frozen=True)
class UndoPoint:
    """The case's last step, and what stood before it where that step changed something."""

    seq: int
    verb: str
    at: dt.datetime
    by_user_id: int | None
    by_role: str
    facts: Mapping[str, Any]
    clocks: Mapping[str, ClockState | None]  # None: there was no such clock
    parties: tuple[PartyState, ...]
    requests: tuple[RequestState, ...]


@dataclass(slots=True)
class CaseState:
    facts: CaseFacts
    clocks: dict[str, ClockState] = field(default_factory=dict)
    parties: list[PartyState] = field(default_factory=list)
    requests: list[RequestState] = field(default_factory=list)
    # The departments of the open parties, by id.
    departments: dict[int, DepartmentRef] = field(default_factory=dict)
    # Other cases of the bundle that are still being handled; they keep the common clock running.
    bundle_open: int = 0
    id: int | None = None
    # Read only by who wants to take the last step back.
    undo: UndoPoint | None = None

    def copy(self) -> CaseState:
        return replace(
            self,
            facts=replace(self.facts),
            clocks=dict(self.clocks),
            parties=[replace(party) for party in self.parties],
            requests=[replace(request) for request in self.requests],
            departments=dict(self.departments),
        )

    def pending(self, *kinds: str) -> RequestState | None:
        return next((r for r in self.requests if r.is_pending and r.kind in kinds), None)

    def open_parties(self, role: str) -> list[PartyState]:
        return [party for party in self.parties if party.role == role and party.until is None]


@dataclass(frozen=True)
class Rules:
    """The county's numbers, each a setting with the default of STANDARDS §6.3."""

    calendar: Calendar
    accept_limit: Limit = Limit(Decimal("0.25"), Unit.URGENT_HOUR)
    dispatch_limit: Limit = Limit(Decimal("0.25"), Unit.URGENT_HOUR)
    verify_limit: Limit = Limit(Decimal("0.5"), Unit.URGENT_HOUR)
    check_limit: Limit = Limit(Decimal("0.5"), Unit.URGENT_HOUR)
    close_limit: Limit = Limit(Decimal("0.25"), Unit.URGENT_HOUR)
    handle_limit: Limit = Limit(Decimal(4), Unit.WORKING_HOUR)
    yellow_share: Decimal = Decimal("0.8")
    max_extensions: int = 2
    suspension_days: int = 365
    supervision_days: int = 90
    undo_seconds: int = 60
    two_level_approval: bool = True
    feedback_needs_photo: bool = False


@dataclass(frozen=True)
class By:
    """Who takes a step, as the row will say it."""

    user_id: int | None
    name: str
    role: str
    post_name: str = ""
    department_id: int | None = None
    department_name: str = ""
    # Filled when the centre enters a step for a department (代录): what it rests on.
    on_behalf_of: DepartmentRef | None = None
    evidence: str = ""
    evidence_note: str = ""


@dataclass(slots=True)
class StepRow:
    seq: int
    verb: str
    source_stage: str
    target_stage: str
    at: dt.datetime
    by: By
    note: str
    data: dict[str, Any]
    clock_effects: list[dict[str, Any]]
    spent_seconds: int  # since the step before, wall time
    photos: tuple[int, ...] = ()


@dataclass(slots=True)
class Plan:
    before: CaseState | None
    after: CaseState
    step: StepRow

    def changed_facts(self) -> dict[str, Any]:
        if self.before is None:
            return {f.name: getattr(self.after.facts, f.name) for f in fields(CaseFacts)}
        old, new = self.before.facts, self.after.facts
        return {f.name: getattr(new, f.name) for f in fields(CaseFacts) if getattr(old, f.name) != getattr(new, f.name)}


Input = Mapping[str, Any]
