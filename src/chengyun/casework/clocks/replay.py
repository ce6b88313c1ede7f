"""Clocks rebuilt from history alone: the same effects under the same calendars give the same due times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from chengyun.casework.clocks import effects
from chengyun.casework.clocks.as_json import instant_text, read_instant, whole_from_json
from chengyun.casework.clocks.effects import ClockError, ClockState, Limit
from chengyun.core.worktime import Calendar, Unit

Effect = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """An effect whose recorded due time is not the one that history gives."""

    effect: Effect
    recorded: str
    computed: str


def replay(history: Iterable[Effect], calendars: Mapping[int, Calendar]) -> dict[str, ClockState]:
    """The clocks by stage after all effects, which stand in the order in which they happened."""
    clocks: dict[str, ClockState] = {}
    for effect in history:
        clocks[effect["clock"]] = after(clocks.get(effect["clock"]), effect, calendars)
        if effect["effect"] == "remove":
            del clocks[effect["clock"]]
    return clocks


def differences(history: Iterable[Effect], calendars: Mapping[int, Calendar]) -> list[Difference]:
    clocks: dict[str, ClockState] = {}
    found = []
    for effect in history:
        clock = clocks[effect["clock"]] = after(clocks.get(effect["clock"]), effect, calendars)
        if effect["effect"] == "remove":
            del clocks[effect["clock"]]
        if (computed := instant_text(clock.due_at)) != effect["due"]:
            found.append(Difference(effect, effect["due"], computed))
    return found


def after(clock: ClockState | None, effect: Effect, calendars: Mapping[int, Calendar]) -> ClockState:
    """The clock after one recorded effect."""
    calendar = calendars[effect["calendar_version"]]
    if effect["effect"] == "start":
        return _started(effect, calendar)
    if clock is None:
        raise ClockError(f"the {effect['clock']} clock was never started")
    return OPERATIONS[effect["effect"]](clock, effect, calendar)


def _started(effect: Effect, calendar: Calendar) -> ClockState:
    limit = Limit(Decimal(effect["limit"]), Unit(effect["unit"]), effect["area_class"], effect["condition_version"])
    at, share = read_instant(effect["at"]), Decimal(effect["yellow_share"])
    return effects.start(effect["clock"], at, limit, calendar, share, round=effect["round"])


def _restored(clock: ClockState, effect: Effect, calendar: Calendar) -> ClockState:
    """A step was undone: the clock stands as before it, and its times follow from its own runs again."""
    before = whole_from_json(effect["clock_before"])
    if before.exempt or before.calendar_version != calendar.version:
        return before
    return replace(effects.recalculate(before, read_instant(effect["at"]), calendar), is_overdue=before.is_overdue)


def _extended(clock: ClockState, effect: Effect, calendar: Calendar) -> ClockState:
    added = Decimal(effect["extended"]) - clock.extended
    return effects.extend(clock, read_instant(effect["at"]), calendar, added)


Operation = Callable[[ClockState, Effect, Calendar], ClockState]
OPERATIONS: dict[str, Operation] = {
    "restart": lambda clock, effect, calendar: _started(effect, calendar),
    "pause": lambda clock, effect, calendar: effects.pause(clock, read_instant(effect["at"]), calendar),
    "resume": lambda clock, effect, calendar: effects.resume(clock, read_instant(effect["at"]), calendar),
    "extend": _extended,
    "stop": lambda clock, effect, calendar: effects.stop(clock, read_instant(effect["at"]), calendar),
    "exempt": lambda clock, effect, calendar: effects.exempt(clock, read_instant(effect["at"])),
    "restore": _restored,
    "remove": lambda clock, effect, calendar: clock,
    "recalculate": lambda clock, effect, calendar: effects.recalculate(clock, read_instant(effect["at"]), calendar),
}
