"""The algebra of clocks: what a step does to the time of one stage. Pure; who does it and when is the workflow's table.

A clock is a limit and the runs during which its time was counted. Everything else (due time, lamp times, what is used)
follows from these and a calendar, so that the same history gives the same due times, and a newly published year
corrects them back to the start. What each operation means (STANDARDS §6.3):

    start        a stage begins
    pause        time stands still: the case was returned, is suspended (挂账), fed back, or its verification is out
    resume       the same clock goes on (same department after a return, 返工); the deadline has moved by the pause
    restart      a new round with nothing used: another department, a new dispatch, a new task
    extend       one more original limit on top
    stop         the stage is done; only `restart` begins it again
    exempt       an overdue mark does not count; the mark itself stays
    recalculate  the same history under another calendar
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, Protocol

from chengyun.core.worktime import Calendar, Due, Unit, due, exact, reached, rests_on_provisional, used

YELLOW_SHARE = Decimal("0.8")


class ClockError(ValueError):
    """The workflow asked for an operation that the clock's state does not allow: a fault of ours, not of a user."""


@dataclass(frozen=True)
class Limit:
    """As a step pins it; `amount` has six places at most and means whole seconds (see `core.worktime.units`)."""

    amount: Decimal
    unit: Unit
    area_class: str = ""
    condition_version: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", exact(self.amount))


class Run(NamedTuple):
    """A stretch in which the clock's time was counted; still running while `ends` is None."""

    begins: dt.datetime
    ends: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ClockState:
    # The history that matters: what was allowed, and when it ran.
    stage: str
    round: int
    limit: Limit
    yellow_share: Decimal
    extended: Decimal
    extensions: int
    runs: tuple[Run, ...]
    started_at: dt.datetime
    paused_at: dt.datetime | None
    stopped_at: dt.datetime | None
    exempt: bool
    # What follows from it under the calendar of this version.
    calendar_version: int
    due_at: dt.datetime
    yellow_at: dt.datetime
    provisional: bool
    running_since: dt.datetime | None
    used_before: Decimal  # in the limit's unit, without the present run
    is_overdue: bool  # when the last operation was done

    @property
    def allowed(self) -> Decimal:
        return self.limit.amount + self.extended

    @property
    def is_running(self) -> bool:
        return self.running_since is not None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    def overdue(self, now: dt.datetime) -> bool:
        """The raw fact, exempted or not; time that stands still makes nothing overdue."""
        return overdue_by(self, now) > dt.timedelta(0)


# --- the operations ---------------------------------------------------------------------------------------------------


def start(
    stage: str,
    at: dt.datetime,
    limit: Limit,
    calendar: Calendar,
    yellow_share: Decimal = YELLOW_SHARE,
    *,
    round: int = 1,
) -> ClockState:
    fresh = ClockState(
        stage=str(stage),
        round=round,
        limit=limit,
        yellow_share=exact(yellow_share),
        extended=Decimal(0),
        extensions=0,
        runs=(Run(at),),
        started_at=at,
        paused_at=None,
        stopped_at=None,
        exempt=False,
        calendar_version=calendar.version,
        due_at=at,
        yellow_at=at,
        provisional=False,
        running_since=at,
        used_before=Decimal(0),
        is_overdue=False,
    )
    return _timed(fresh, at, calendar)


def restart(
    clock: ClockState, at: dt.datetime, limit: Limit, calendar: Calendar, yellow_share: Decimal = YELLOW_SHARE
) -> ClockState:
    return start(clock.stage, at, limit, calendar, yellow_share, round=clock.round + 1)


def pause(clock: ClockState, at: dt.datetime, calendar: Calendar) -> ClockState:
    _require(clock.is_running, clock, "pause")
    return _timed(replace(clock, runs=_closed(clock.runs, at), paused_at=at), at, calendar)


def resume(clock: ClockState, at: dt.datetime, calendar: Calendar) -> ClockState:
    _require(clock.is_paused, clock, "resume")
    return _timed(replace(clock, runs=(*clock.runs, Run(at)), paused_at=None), at, calendar)


def extend(clock: ClockState, at: dt.datetime, calendar: Calendar, amount: Decimal | None = None) -> ClockState:
    """Without an amount: by the original limit."""
    _require(not clock.is_stopped, clock, "extend")
    extended = exact(clock.extended + (clock.limit.amount if amount is None else amount))
    return _timed(replace(clock, extended=extended, extensions=clock.extensions + 1), at, calendar)


def stop(clock: ClockState, at: dt.datetime, calendar: Calendar) -> ClockState:
    _require(not clock.is_stopped, clock, "stop")
    # A paused clock stops where it stood: what came after the pause was never its time.
    return _timed(
        replace(clock, runs=_closed(clock.runs, at), stopped_at=clock.paused_at or at, paused_at=None), at, calendar
    )


def exempt(clock: ClockState, at: dt.datetime) -> ClockState:
    return replace(clock, exempt=True, is_overdue=clock.overdue(at))


def recalculate(clock: ClockState, at: dt.datetime, calendar: Calendar) -> ClockState:
    return _timed(clock, at, calendar)


# --- what can be asked of a clock -------------------------------------------------------------------------------------


class Timed(Protocol):
    """A clock, or a row that stores these columns."""

    @property
    def due_at(self) -> dt.datetime: ...

    @property
    def yellow_at(self) -> dt.datetime: ...

    @property
    def paused_at(self) -> dt.datetime | None: ...

    @property
    def stopped_at(self) -> dt.datetime | None: ...

    @property
    def exempt(self) -> bool: ...


def overdue_by(clock: Timed, now: dt.datetime) -> dt.timedelta:
    """Wall time past the deadline, zero within it; a paused or stopped clock is judged where it stands."""
    return max((clock.stopped_at or clock.paused_at or now) - clock.due_at, dt.timedelta(0))


def lamp(clock: Timed, now: dt.datetime) -> str:
    """green, yellow (from the yellow share on), red (past the deadline), grey (standing still, or exempt)."""
    standing = clock.stopped_at or clock.paused_at
    grey = clock.paused_at is not None
    return colour(standing or now, clock.yellow_at, clock.due_at, is_paused=grey, is_exempt=clock.exempt)


def colour(
    now: dt.datetime,
    yellow_at: dt.datetime,
    due_at: dt.datetime,
    *,
    is_paused: bool = False,
    is_exempt: bool = False,
) -> str:
    """A deadline that was missed stays red through a pause; only an exemption takes the colour away."""
    if now > due_at:
        return "grey" if is_exempt else "red"
    if is_paused:
        return "grey"
    return "yellow" if now >= yellow_at else "green"


def left(clock: ClockState, now: dt.datetime, calendar: Calendar) -> Decimal:
    """What remains of the limit in its own unit; negative when more was used."""
    if clock.running_since is None:
        return exact(clock.allowed - clock.used_before)
    running = used(calendar, clock.running_since, now, clock.limit.unit)
    return exact(clock.allowed - clock.used_before - running)


# --- how times follow from history ------------------------------------------------------------------------------------


def _timed(clock: ClockState, at: dt.datetime, calendar: Calendar) -> ClockState:
    last = clock.runs[-1]
    spent = [_spent(run, clock.limit.unit, calendar) for run in clock.runs]
    deadline = _reach(clock, clock.allowed, spent, calendar, due)
    yellow = _reach(clock, clock.allowed * clock.yellow_share, spent, calendar, reached)
    timed = replace(
        clock,
        calendar_version=calendar.version,
        due_at=deadline.at,
        yellow_at=min(yellow.at, deadline.at),
        provisional=deadline.provisional,
        running_since=None if last.ends else last.begins,
        used_before=exact(sum(spent, Decimal(0))),
    )
    return replace(timed, is_overdue=timed.overdue(at))


def _spent(run: Run, unit: Unit, calendar: Calendar) -> Decimal:
    return used(calendar, run.begins, run.ends, unit) if run.ends else Decimal(0)


class Adding(Protocol):
    def __call__(self, calendar: Calendar, start: dt.datetime, amount: Decimal, unit: Unit, /) -> Due: ...


def _reach(clock: ClockState, amount: Decimal, spent: list[Decimal], calendar: Calendar, add: Adding) -> Due:
    """Walk through the runs until `amount` is used; if it is not, as if the last run went on."""
    unit = clock.limit.unit
    rests = False
    for run, passed in zip(clock.runs[:-1], spent, strict=False):
        inside = add(calendar, run.begins, amount, unit)
        if run.ends and inside.at <= run.ends:
            return Due(inside.at, inside.provisional or rests)
        amount = max(amount - passed, Decimal(0))
        rests = rests or rests_on_provisional(calendar, run.begins, run.ends or run.begins, unit)
    last = add(calendar, clock.runs[-1].begins, amount, unit)
    return Due(last.at, last.provisional or rests)


def _closed(runs: tuple[Run, ...], at: dt.datetime) -> tuple[Run, ...]:
    *before, last = runs
    return (*before, Run(last.begins, last.ends or max(at, last.begins)))


def _require(possible: bool, clock: ClockState, op: str) -> None:
    if not possible:
        raise ClockError(f"cannot {op} the {clock.stage} clock in this state")
