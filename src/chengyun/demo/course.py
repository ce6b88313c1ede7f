"""One simulated case on its way: a thread of planned steps, the hour it has reached, and how far time may go.

Every step goes through the planner that people's services use; a step that would be taken after `until` is not taken,
and the case stays where it then was.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from chengyun.casework.batch import Thread
from chengyun.casework.cases.state import By, CaseFacts
from chengyun.core.worktime.arithmetic import due
from chengyun.core.worktime.units import Unit
from chengyun.demo import pictures
from chengyun.demo.drafts import Draft
from chengyun.demo.fate import Fate
from chengyun.demo.rhythm import SHANGHAI, minutes
from chengyun.demo.world import World, notes
from chengyun.people.roles import Role

if TYPE_CHECKING:
    from chengyun.demo.scenes.merging import Duplicate

DAY_BEGINS, DAY_ENDS = 7, 20


@dataclass(frozen=True)
class Dispatch:
    proposed_id: int | None
    chosen_id: int
    at: dt.datetime
    is_returned: bool = False


class Halt(Exception):
    """The next step lies after the end of the time that is told."""


@dataclass
class Course:
    world: World
    random: Random
    draft: Draft
    fate: Fate
    thread: Thread
    at: dt.datetime
    until: dt.datetime
    # What the dispatcher was proposed and chose, for the experience that proposals rest on.
    dispatches: list[Dispatch] = field(default_factory=list)
    # From where the same thing is reported again, and what became of it (scenes.merging).
    duplicate_sources: tuple[str, ...] = ()
    duplicates: list[Duplicate] = field(default_factory=list)

    @property
    def facts(self) -> CaseFacts:
        return self.thread.state.facts

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # --- time ---------------------------------------------------------------------------------------------------

    def wait(self, low: float, high: float) -> None:
        """Some minutes pass, whoever works or sleeps."""
        self.at += minutes(self.random, low, high)

    def wait_worked(self, low: float, high: float) -> None:
        """Some minutes of working time pass; nobody is at a department's desk at night."""
        amount = Decimal(round(self.random.uniform(low, high) * 60)) / 3600
        calendar = self.world.rules.calendar
        self.at = max(self.at, due(calendar, self.at, amount, Unit.WORKING_HOUR).at)

    def wait_for_daylight(self) -> None:
        """Collectors are out from seven to eight in the evening."""
        local = self.at.astimezone(SHANGHAI)
        if DAY_BEGINS <= local.hour < DAY_ENDS:
            return
        morning = local.replace(hour=DAY_BEGINS, minute=0) + dt.timedelta(days=local.hour >= DAY_ENDS)
        self.at = morning.astimezone(dt.UTC) + minutes(self.random, 2, 50)

    @property
    def is_night(self) -> bool:
        return not DAY_BEGINS <= self.at.astimezone(SHANGHAI).hour < DAY_ENDS

    def wait_until(self, moment: dt.datetime) -> None:
        self.at = max(self.at, moment)

    def handling_reaches(self, share: float) -> None:
        """Time passes until `share` of the handling limit is used; a limit is counted in its own unit."""
        clock = self.thread.state.clocks["handle"]
        amount = self.facts.limit_amount or clock.limit.amount
        left = max(amount * Decimal(str(round(share, 4))) - clock.used_before, Decimal("0.02"))
        self.wait_until(due(self.world.rules.calendar, clock.running_since or self.at, left, clock.limit.unit).at)

    @property
    def is_late(self) -> bool:
        clock = self.thread.state.clocks.get("handle")
        return clock is not None and clock.overdue(self.at)

    # --- steps --------------------------------------------------------------------------------------------------

    def step(self, verb: str, by: By, **given: Any) -> None:
        if self.at > self.until:
            raise Halt
        self.thread.step(verb, given, by, self.at, self.world.rules)

    def say(self, key: str) -> str:
        return self.random.choice(_notes()[key])

    def centre(self, role: Role) -> By:
        return self.world.on_shift(role, self.at)

    def collector(self) -> By:
        return self.world.collector(self.facts.waits_user_id or self.facts.grid_collector_id, self.random)

    def handler(self) -> By:
        """Whoever was named to handle it, else anybody of the department."""
        assert self.facts.main_department_id is not None
        if self.facts.handler_id:
            return self.world.by(self.world.user(self.facts.handler_id), Role.HANDLER)
        return self.world.handler(self.facts.main_department_id, self.random, self.at)

    def second(self) -> By:
        assert self.facts.main_department_id is not None
        return self.world.second(self.facts.main_department_id, self.random, self.at)

    # --- pictures -----------------------------------------------------------------------------------------------

    def photo(self, *, solved: bool) -> tuple[int, ...]:
        """By number; `photos` gives each use its file when the case is written."""
        return (pictures.after(self.draft.picture) if solved else self.draft.picture,)


@cache
def _notes() -> dict[str, list[str]]:
    return notes()
