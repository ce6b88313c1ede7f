"""Clock rows ↔ `effects.ClockState`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chengyun.casework.clocks.as_json import runs_from_json, runs_to_json
from chengyun.casework.clocks.effects import ClockState, Limit
from chengyun.casework.clocks.models import Clock
from chengyun.core.db.asked import Asked
from chengyun.core.db.inserted import insert
from chengyun.core.worktime.units import Unit

LIMIT = ("amount", "unit", "area_class", "condition_version")
STATE = (
    "stage", "round", "calendar_version", "started_at", "due_at", "yellow_at", "provisional", "running_since",
    "used_before", "paused_at", "stopped_at", "extensions", "extended", "yellow_share", "exempt", "is_overdue",
)  # fmt: skip


def to_row(case_id: int, clock: ClockState) -> Clock:
    limit = {name: getattr(clock.limit, name) for name in LIMIT}
    runs = runs_to_json(clock.runs)
    return Clock(case_id=case_id, runs=runs, **limit, **{name: getattr(clock, name) for name in STATE})


def from_row(row: Clock) -> ClockState:
    limit = Limit(row.amount, Unit(row.unit), row.area_class, row.condition_version)
    return ClockState(limit=limit, runs=runs_from_json(row.runs), **{name: getattr(row, name) for name in STATE})


CLOCKS = Asked(lambda case_id: Clock.objects.filter(case_id=case_id), int)


def clocks_of(case_id: int) -> dict[str, ClockState]:
    return {row.stage: from_row(row) for row in CLOCKS.rows(case_id)}


def clocks_of_many(case_ids: Sequence[int]) -> dict[int, dict[str, ClockState]]:
    clocks: dict[int, dict[str, ClockState]] = {case_id: {} for case_id in case_ids}
    for row in Clock.objects.filter(case_id__in=case_ids):
        clocks[row.case_id][row.stage] = from_row(row)
    return clocks


def save_changed(case_id: int, before: Mapping[str, ClockState], after: Mapping[str, ClockState]) -> None:
    """One statement for all clocks that a step moved, and one where a step that had started some was undone."""
    if gone := before.keys() - after.keys():
        Clock.objects.filter(case_id=case_id, stage__in=gone).delete()
    save(to_row(case_id, clock) for stage, clock in after.items() if before.get(stage) != clock)


def save(rows: Iterable[Clock]) -> None:
    insert(list(rows), replacing=("case_id", "stage"))
