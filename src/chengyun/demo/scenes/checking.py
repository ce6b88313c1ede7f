"""Fed back: a collector looks, it is done again where it was not right, and the duty chief closes."""

from __future__ import annotations

from dataclasses import replace

from chengyun.demo.course import Course
from chengyun.demo.scenes.handling import feed_back
from chengyun.people.roles import Role


def check_and_close(course: Course) -> None:
    if course.fate.reworked:
        send_check(course)
        course.step(
            "check_fail",
            course.collector(),
            reason=course.say(f"fail_{course.draft.kind.way}"),
            photos=course.photo(solved=False),
        )
        course.fate = replace(course.fate, reworked=False)
        course.wait_worked(20, 240)
        feed_back(course, 0.0)
    send_check(course)
    course.step("check_pass", course.collector(), note=course.say("check_pass"), photos=course.photo(solved=True))
    close(course)
    if course.fate.appealed and course.facts.handling_overdue:
        appeal(course)


def send_check(course: Course) -> None:
    course.wait(1, 18)
    course.wait_for_daylight()
    course.step("send_check", course.centre(Role.RECEIVER))
    course.wait(7, 27) if course.chance(0.93) else course.wait(32, 110)


def close(course: Course) -> None:
    course.wait(1, 11) if course.chance(0.97) else course.wait(16, 50)
    course.step("close", course.centre(Role.DUTY_CHIEF), closing_met=True)


def appeal(course: Course) -> None:
    """The department asks that the overdue mark be left out of account; two people of the centre look at it."""
    course.wait_worked(60, 900)
    course.step("appeal", course.handler(), reason=course.say("appeal"))
    course.wait_worked(60, 600)
    course.step("endorse_appeal", course.centre(Role.EVALUATOR), note=course.say("endorse_appeal"))
    course.wait_worked(60, 600)
    if course.chance(0.6):
        course.step("grant_appeal", course.centre(Role.LEADER), note=course.say("grant_appeal"))
    else:
        course.step("deny_appeal", course.centre(Role.LEADER), reason=course.say("deny_appeal"))
