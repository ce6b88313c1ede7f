"""From the report to acceptance, or to a refusal; or the collector clears it away himself."""

from __future__ import annotations

from chengyun.demo.course import Course
from chengyun.demo.world import ON_SPOT
from chengyun.people.roles import Role


def handle_on_spot(course: Course) -> None:
    course.wait(3, 14)
    reporter = next(party.user_id for party in course.thread.state.parties if party.role == "reporter")
    by = course.world.collector(reporter, course.random)
    kind = course.draft.kind
    note = course.say(ON_SPOT[kind.subject.keyword])
    course.step("handle_on_spot", by, minor_class=kind.ref, note=note, photos=course.photo(solved=True))


def take_in(course: Course) -> bool:
    """True when the case is accepted and lies before the duty chief."""
    if course.fate.verified and not course.is_night:
        verify(course, found=not course.fate.refused)
    _desk_time(course)
    if course.fate.refused:
        course.step("refuse", course.centre(Role.RECEIVER), reason=course.say("refuse"))
        return False
    if course.fate.corrected:
        course.step("correct", course.centre(Role.RECEIVER), reason=course.say("correct"), address=_door(course))
        course.wait(0.5, 2)
    accept(course)
    if course.fate.given_back:
        course.wait(1, 6)
        course.step("give_back", course.centre(Role.DUTY_CHIEF), reason=course.say("give_back"))
        _desk_time(course)
        accept(course)
    return True


def accept(course: Course) -> None:
    course.step("accept", course.centre(Role.RECEIVER), minor_class=course.draft.kind.ref)


def verify(course: Course, *, found: bool) -> None:
    course.wait(1, 6)
    course.step("send_verify", course.centre(Role.RECEIVER))
    course.wait(8, 27) if course.chance(0.92) else course.wait(32, 90)
    finding, key = ("confirmed", "verify_report") if found else ("not_found", "not_found")
    photos = course.photo(solved=not found)
    course.step("verify_report", course.collector(), finding=finding, note=course.say(key), photos=photos)


def _desk_time(course: Course) -> None:
    """A quarter of an hour is the limit; now and then it is missed."""
    course.wait(0.5, 9) if course.chance(0.97) else course.wait(12, 50)


def _door(course: Course) -> str:
    return f"{course.draft.spot.address}附近"
