"""What lies on the desks this minute: something in every queue, with green, yellow and red lamps.

The weeks up to now bring living work by themselves, but at three in the morning there would be little to see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from chengyun.casework.clocks.effects import Limit
from chengyun.core.instants import civil_day
from chengyun.core.worktime.arithmetic import due, subtract
from chengyun.demo import duties, telling
from chengyun.demo.county.names import COUNTY_CODE
from chengyun.demo.county.regions import BUILT_UP
from chengyun.demo.course import Course
from chengyun.demo.drafts import make_draft
from chengyun.demo.fate import Fate
from chengyun.demo.rhythm import minutes
from chengyun.demo.scenes import dispatching, intake
from chengyun.demo.spots import Happening, draw_spot
from chengyun.demo.world import Kind, World
from chengyun.people.roles import Role
from chengyun.regions.locate import locate

SEED = 23
# The street office whose account is shown.
OWN_STREET = f"{COUNTY_CODE}001"
ACCEPTED = ("accept",)
FILED = (*ACCEPTED, "file")
DISPATCHED = (*FILED, "dispatch")
HANDLING = (*DISPATCHED, "receive")
FED_BACK = (*HANDLING, "feed_back")
CHECKING = (*FED_BACK, "send_check")
CHECKED = (*CHECKING, "check_pass")
ASKS_EXTENSION = (*HANDLING, "apply_extension")
ASKS_SUSPENSION = (*HANDLING, "apply_suspension")
SUSPENDED = (*ASKS_SUSPENSION, "endorse", "grant_suspension")


@dataclass(frozen=True)
class Still:
    """A case as it stands now. `ago` is how many minutes ago the last step was taken, the others lie before it.

    With `used` it was dispatched so long ago that this share of the handling limit is gone.
    """

    verbs: tuple[str, ...]
    ago: float
    source: str = "collector"
    used: float | None = None
    owner: str = ""


def _from(verbs: tuple[str, ...], *reports: tuple[str, float]) -> list[Still]:
    """(source, minutes ago)"""
    return [Still(verbs, ago, source) for source, ago in reports]


def _at(verbs: tuple[str, ...], *owners: tuple[str, float]) -> list[Still]:
    """(department, minutes ago)"""
    return [Still(verbs, ago, owner=owner) for owner, ago in owners]


def _used(verbs: tuple[str, ...], ago: float, *owners: tuple[str, float]) -> list[Still]:
    """(department, share of the handling limit that is used)"""
    return [Still(verbs, ago, used=used, owner=owner) for owner, used in owners]


# 受理, 派遣 and 结案 have a quarter of an hour each, 核实 and 核查 half an hour: some green, some yellow, some red.
STILLS = (
    *_from((), ("hotline", 1), ("public", 3), ("hotline", 6), ("video", 8), ("collector", 2), ("collector", 4)),
    *_from((), ("hotline", 13), ("collector", 14), ("public", 24)),
    *_from(("send_verify",), ("hotline", 4), ("public", 12), ("hotline", 27), ("public", 41)),
    *_from(ACCEPTED, ("collector", 2), ("hotline", 5), ("collector", 9)),
    *_from(FILED, ("hotline", 2), ("collector", 7), ("collector", 13), ("video", 21)),
    *_from((*FILED, "apply_void"), ("collector", 16), ("hotline", 33)),
    # 处置: first the departments whose accounts are shown. GD never logs in.
    *_at(DISPATCHED, ("JS", 5), ("ZF", 9), ("HW", 12), ("T001", 7), ("GD", 11)),
    *_used(HANDLING, 0, ("JS", 0.15), ("JS", 0.5), ("JS", 0.86), ("JS", 0.94), ("JS", 1.3)),
    *_used(HANDLING, 0, ("ZF", 0.2), ("ZF", 0.45), ("ZF", 0.88), ("ZF", 1.15), ("ZF", 1.6)),
    *_used(HANDLING, 0, ("HW", 0.3), ("HW", 0.9), ("HW", 1.2), ("T001", 0.25), ("T001", 0.84), ("T001", 1.4)),
    *_used(HANDLING, 0, ("GD", 0.5), ("JJ", 0.92), ("SZ", 1.1), ("LD", 0.6)),
    *_at((*DISPATCHED, "apply_return"), ("JS", 14), ("SZ", 35), ("YL", 52)),
    *_used(ASKS_EXTENSION, 18, ("JS", 0.6), ("SZ", 0.7)),
    *_used((*ASKS_EXTENSION, "endorse"), 9, ("JS", 0.5), ("YL", 0.85)),
    *_used(ASKS_SUSPENSION, 25, ("JS", 0.4)),
    *_used((*ASKS_SUSPENSION, "endorse"), 14, ("SZ", 0.5)),
    *_used(SUSPENDED, 300, ("SZ", 0.7), ("YL", 0.7), ("JS", 0.7)),
    *_used((*HANDLING, "supervise"), 22, ("ZF", 1.5), ("JS", 1.25)),
    *_at(FED_BACK, ("HW", 3), ("ZF", 11), ("T001", 26)),
    *_at(CHECKING, ("HW", 6), ("ZF", 18), ("JS", 26), ("SZ", 44)),
    *_at(CHECKED, ("HW", 2), ("ZF", 13), ("YL", 19)),
    # 申诉: closed too late, the department asks to be excused.
    *_used((*CHECKED, "close", "appeal"), 95, ("ZF", 1.8)),
    *_used((*CHECKED, "close", "appeal", "endorse_appeal"), 60, ("JS", 1.6)),
)


def tell(world: World, now: dt.datetime) -> list[Course]:
    random = Random(f"{SEED}/{civil_day(now)}")
    return [_told(world, random, number, still, now) for number, still in enumerate(STILLS)]


def _told(world: World, random: Random, number: int, still: Still, now: dt.datetime) -> Course:
    kind = _kind(world, random, still, civil_day(now))
    spot = _spot(world, random, still, number)
    condition = world.condition(random, kind, locate(spot.lon, spot.lat).area_class)
    moments = _in_order(_moments(world, random, still, now, condition.limit), now)
    draft = make_draft(random, still.source, 80_000 + number, kind, moments[0], spot)
    course = telling.begin(world, random, draft, Fate(), now)
    for verb, moment in zip(still.verbs, moments[1:], strict=True):
        course.wait_until(moment)
        if verb == "file":
            course.step("file", course.centre(Role.DUTY_CHIEF), condition=condition)
        else:
            ACTS[verb](course)
    return course


def _kind(world: World, random: Random, still: Still, day: dt.date) -> Kind:
    """A class that falls to the wanted owner."""
    kinds = [kind for kind in world.kinds_on(day) if not still.owner or _owner_of(kind) == still.owner]
    return random.choices(kinds, [kind.subject.weight_in(day.month) + 0.1 for kind in kinds])[0]


def _owner_of(kind: Kind) -> str:
    return duties.owner_code(kind.subject, OWN_STREET)


def _spot(world: World, random: Random, still: Still, number: int) -> Happening:
    """In the town; in the street office that handles it, or every other time in the grid of the shown collector."""
    shown = world.organisation.of_centre(Role.COLLECTOR)[0].pk
    for _ in range(2_000):
        spot = draw_spot(random, in_villages=False)
        place = locate(spot.lon, spot.lat)
        in_grid = place.grid_collector_id == shown
        in_street = place.township_code == OWN_STREET
        if in_street if still.owner == "T001" else in_grid if number % 2 else place.area_class == BUILT_UP:
            return spot
    raise RuntimeError("no spot in the grid of the shown collector")


# --- when -------------------------------------------------------------------------------------------------------------

# Minutes that usually lie before a step.
GAPS = {"accept": 4, "file": 5, "dispatch": 4, "receive": 9, "feed_back": 55, "apply_return": 25, "send_verify": 3}
GAP = 8


def _moments(world: World, random: Random, still: Still, now: dt.datetime, limit: Limit) -> list[dt.datetime]:
    """Of the report and of each step."""
    if still.used is None:
        return _back_from(random, now - dt.timedelta(minutes=still.ago), still.verbs)
    calendar = world.rules.calendar
    dispatched = subtract(calendar, now, limit.amount * Decimal(str(still.used)), limit.unit)
    after = still.verbs[len(DISPATCHED) :]
    start, lead = dispatched, [dispatched]
    if "close" in after:  # handed back too late, then closed
        late = limit.amount * Decimal(str(still.used * 0.8))
        start = due(calendar, dispatched, late, limit.unit).at
        lead, after = [dispatched, dispatched + dt.timedelta(minutes=20), start], after[2:]
    end = (
        max(now - dt.timedelta(minutes=still.ago), start + (now - start) / 2)
        if still.ago
        else start + (now - start) / 4
    )
    rest = [start + (end - start) * (number + 1) / len(after) for number in range(len(after))]
    return [*_back_from(random, dispatched, DISPATCHED)[:-1], *lead, *rest]


def _back_from(random: Random, last: dt.datetime, verbs: tuple[str, ...]) -> list[dt.datetime]:
    moments = [last]
    for verb in reversed(verbs):
        moments.append(moments[-1] - minutes(random, 0.6 * GAPS.get(verb, GAP), 1.3 * GAPS.get(verb, GAP)))
    return moments[::-1]


def _in_order(moments: list[dt.datetime], now: dt.datetime) -> list[dt.datetime]:
    return [min(now, max(moments[: index + 1])) for index in range(len(moments))]


# --- the steps --------------------------------------------------------------------------------------------------------


def _receive(course: Course) -> None:
    course.step("receive", course.handler())


def _suspend_until(course: Course) -> None:
    until = course.at + dt.timedelta(days=course.random.randint(20, 80))
    course.step("apply_suspension", course.handler(), reason=course.say("apply_suspension"), until=until)


def _supervise(course: Course) -> None:
    answer_by = course.until + dt.timedelta(hours=4)
    course.step("supervise", course.centre(Role.SUPERVISOR), note=course.say("supervise"), answer_by=answer_by)


ACTS: dict[str, Callable[[Course], None]] = {
    "accept": intake.accept,
    "send_verify": lambda c: c.step("send_verify", c.centre(Role.RECEIVER)),
    "dispatch": lambda c: dispatching.dispatch(c, dispatching.proposed(c)),
    "apply_void": lambda c: c.step("apply_void", c.centre(Role.DISPATCHER), reason=c.say("void")),
    "receive": _receive,
    "apply_return": lambda c: c.step("apply_return", c.handler(), reason=c.say("apply_return")),
    "apply_extension": lambda c: c.step("apply_extension", c.handler(), reason=c.say("apply_extension")),
    "apply_suspension": _suspend_until,
    "endorse": lambda c: c.step("endorse", c.second(), note=c.say("endorse")),
    "grant_suspension": lambda c: c.step("grant_suspension", c.centre(Role.DISPATCHER), note=c.say("grant")),
    "supervise": _supervise,
    "feed_back": lambda c: c.step("feed_back", c.handler(), note=c.say(c.draft.kind.way), photos=c.photo(solved=True)),
    "send_check": lambda c: c.step("send_check", c.centre(Role.RECEIVER)),
    "check_pass": lambda c: c.step("check_pass", c.collector(), note=c.say("check_pass"), photos=c.photo(solved=True)),
    "close": lambda c: c.step("close", c.centre(Role.DUTY_CHIEF), closing_met=True),
    "appeal": lambda c: c.step("appeal", c.handler(), reason=c.say("appeal")),
    "endorse_appeal": lambda c: c.step("endorse_appeal", c.centre(Role.EVALUATOR), note=c.say("endorse_appeal")),
}
