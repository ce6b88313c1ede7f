"""Clocks as JSON: one operation as the history row keeps it, and a whole clock as `undo` puts it back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from chengyun.casework.clocks.effects import ClockState, Limit, Run
from chengyun.core.worktime import Unit


def effect_to_json(op: str, clock: ClockState, at: dt.datetime) -> dict[str, Any]:
    """One operation as the history row keeps it; `clock` is the state after it."""
    effect: dict[str, Any] = {
        "clock": clock.stage,
        "effect": op,
        "at": instant_text(at),
        "round": clock.round,
        "calendar_version": clock.calendar_version,
        "due": instant_text(clock.due_at),
        "provisional": clock.provisional,
    }
    if op in ("start", "restart"):
        effect |= {
            "limit": str(clock.limit.amount),
            "unit": clock.limit.unit.value,
            "area_class": clock.limit.area_class,
            "condition_version": clock.limit.condition_version,
            "yellow_share": str(clock.yellow_share),
        }
    if op == "extend":
        effect["extended"] = str(clock.extended)
    if op == "restore":
        effect["clock_before"] = whole_to_json(clock)
    return effect


def whole_to_json(clock: ClockState) -> dict[str, Any]:
    """The whole clock, so that it can be put back as it stood when a step is undone."""
    plain = {name: _plain(value) for name, value in vars(clock).items() if name not in ("limit", "runs")}
    limit = {name: _plain(value) for name, value in vars(clock.limit).items()}
    return plain | {"limit": limit, "runs": runs_to_json(clock.runs)}


def whole_from_json(stored: dict[str, Any]) -> ClockState:
    limit = stored["limit"] | {"amount": Decimal(stored["limit"]["amount"]), "unit": Unit(stored["limit"]["unit"])}
    read = {name: _read(name, value) for name, value in stored.items() if name not in ("limit", "runs")}
    return ClockState(limit=Limit(**limit), runs=runs_from_json(stored["runs"]), **read)


NUMBERS = ("yellow_share", "extended", "used_before")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return instant_text(value)
    return str(value) if isinstance(value, Decimal | Unit) else value


def _read(name: str, value: Any) -> Any:
    if name in NUMBERS:
        return Decimal(value)
    return read_instant(value) if value and (name.endswith("_at") or name == "running_since") else value


def runs_to_json(runs: tuple[Run, ...]) -> list[list[str | None]]:
    return [[instant_text(run.begins), instant_text(run.ends) if run.ends else None] for run in runs]


def runs_from_json(stored: list[list[str | None]]) -> tuple[Run, ...]:
    return tuple(Run(read_instant(begins), read_instant(ends) if ends else None) for begins, ends in stored if begins)


def instant_text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def read_instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
