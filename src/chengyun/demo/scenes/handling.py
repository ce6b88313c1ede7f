"""In the department: received, perhaps extended or suspended or supervised, and handed back as done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chengyun.casework.cases.workflow import ClockStage
from chengyun.core.worktime.units import Unit
from chengyun.demo.course import Course
from chengyun.demo.scenes import merging
from chengyun.people.roles import Role

CONTINUOUS = (Unit.URGENT_HOUR, Unit.URGENT_DAY)


def handle(course: Course) -> bool:
    """True when the department has fed back."""
    receive(course)
    merging.take_duplicates(course)
    if course.fate.instructed:
        instruct(course)
    pace = course.fate.pace
    if course.fate.extended and extend(course):
        pace = course.random.uniform(1.05, 1.85)
    if (course.fate.suspended or course.fate.stays_suspended) and suspend(course):
        if course.fate.stays_suspended:
            return False
        resume(course)
        pace = course.random.uniform(0.5, 0.97)
    if course.fate.supervised:
        supervise(course, pace)
    finish_parts(course)
    feed_back(course, pace)
    return True


def receive(course: Course) -> None:
    """At once where it is urgent, else when somebody is at the desk; a third names who goes."""
    if Unit(course.facts.limit_unit or Unit.WORKING_HOUR) in CONTINUOUS:
        course.wait(2, 15)
    else:
        course.wait_worked(3, 70)
    by = course.handler()
    person = course.world.handler_ref(by) if course.chance(0.35) else None
    given: dict[str, Any] = {"handler": person} if person else {}
    course.step("receive", by, **given)


def instruct(course: Course) -> None:
    course.wait(5, 60)
    course.step("instruct", course.centre(Role.LEADER), note=course.say("instruct"))


def extend(course: Course) -> bool:
    """True where it was granted. It is too late to ask when the limit of an hour is over."""
    course.handling_reaches(course.random.uniform(0.3, 0.75))
    if course.is_late:
        return False
    course.step("apply_extension", course.handler(), reason=course.say("apply_extension"))
    course.wait(2, 15)
    course.step("endorse", course.second(), note=course.say("endorse"))
    course.wait(2, 15)
    if course.fate.request_denied:
        course.step("deny_request", course.centre(Role.DISPATCHER), reason=course.say("deny_request"))
        return False
    course.step("grant_extension", course.centre(Role.DISPATCHER), note=course.say("grant"))
    return True


def suspend(course: Course) -> bool:
    course.handling_reaches(course.random.uniform(0.1, 0.6))
    if course.is_late:
        return False
    days = course.random.uniform(300, 364) if course.fate.stays_suspended else course.random.uniform(5, 45)
    until = course.at + dt.timedelta(days=days)
    course.step("apply_suspension", course.handler(), reason=course.say("apply_suspension"), until=until)
    course.wait(3, 15)
    course.step("endorse", course.second(), note=course.say("endorse"))
    course.wait(3, 20)
    course.step("grant_suspension", course.centre(Role.DISPATCHER), note=course.say("grant"))
    return True


def resume(course: Course) -> None:
    """What it waited for came, mostly a little before the agreed day."""
    until = course.facts.suspended_until or course.at
    course.at += (until - course.at) * course.random.uniform(0.4, 0.95)
    course.wait_worked(1, 60)
    course.step("resume", course.centre(Role.DISPATCHER), note=course.say("resume"))


def supervise(course: Course, pace: float) -> None:
    course.handling_reaches(max(0.3, pace * 0.9))
    by = course.centre(Role.SUPERVISOR)
    answer_by = course.at + dt.timedelta(hours=course.random.choice((4, 8, 24)))
    course.step("supervise", by, note=course.say("supervise"), answer_by=answer_by)
    course.wait_worked(10, 90)
    course.step("answer_supervision", course.handler(), note=course.say("answer_supervision"))


def finish_parts(course: Course) -> None:
    for party in course.thread.state.open_parties("co"):
        assert party.department_id is not None
        course.wait_worked(10, 60)
        by = course.world.handler(party.department_id, course.random, course.at)
        course.step("feed_back_part", by, note=course.say("feed_back_part"))


def feed_back(course: Course, pace: float) -> None:
    course.wait(6, 25)
    if ClockStage.HANDLE in course.thread.state.clocks:
        course.handling_reaches(pace)
    course.step("feed_back", course.handler(), note=course.say(course.draft.kind.way), photos=course.photo(solved=True))
