"""From acceptance to the department that answers: filing, dispatch, and the ways back."""

from __future__ import annotations

from dataclasses import replace

from chengyun.demo import duties
from chengyun.demo.course import Course, Dispatch
from chengyun.people.roles import Role


def bring_to_department(course: Course) -> bool:
    """True when the case lies before the department that will handle it."""
    course.wait(1, 9) if course.chance(0.98) else course.wait(12, 40)
    if course.fate.declined:
        course.step("decline", course.centre(Role.DUTY_CHIEF), reason=course.say("decline"))
        return False
    file(course)
    course.wait(1, 10) if course.chance(0.97) else course.wait(16, 60)
    if course.fate.voided:
        void(course)
        return False
    _dispatch_at_last(course)
    return True


def file(course: Course) -> None:
    condition = course.world.condition(course.random, course.draft.kind, course.facts.area_class)
    course.step("file", course.centre(Role.DUTY_CHIEF), condition=condition)


def void(course: Course) -> None:
    course.step("apply_void", course.centre(Role.DISPATCHER), reason=course.say("void"))
    course.wait(5, 120)
    course.step("grant_void", course.centre(Role.DUTY_CHIEF))


def _dispatch_at_last(course: Course) -> None:
    right = proposed(course)
    if course.fate.recalled:
        dispatch(course, course.random.choice(course.world.others[right]))
        course.wait(1, 8)
        course.step("recall", course.centre(Role.DISPATCHER), reason=course.say("recall"))
        course.wait(1, 5)
    if course.fate.returned:
        dispatch(course, course.random.choice(course.world.others[right]))
        give_back(course)
        if course.fate.disputed:
            decide(course, right)
            return
        course.step("grant_return", course.centre(Role.DISPATCHER), note=course.say("grant_return"))
        course.wait(2, 10)
    dispatch(course, right)
    if course.fate.return_denied:
        give_back(course)
        course.step("deny_return", course.centre(Role.DISPATCHER), reason=course.say("deny_return"))


def proposed(course: Course) -> int:
    """The department of the duty list; where it says nothing, the one that the subject belongs to."""
    facts = course.facts
    rule = course.world.rule_for(facts, None, course.at)
    if rule:
        return rule.main_department_id
    code = duties.owner_code(course.draft.kind.subject, facts.township_code)
    return course.world.organisation.departments[code].pk


def dispatch(course: Course, department_id: int) -> None:
    rule = course.world.rule_for(course.facts, None, course.at)
    right = rule.main_department_id if rule else None
    others = rule.co_department_ids if rule and course.fate.co_handled and department_id == right else ()
    course.step(
        "dispatch",
        course.centre(Role.DISPATCHER),
        department=course.world.department_ref(department_id),
        co_departments=tuple(course.world.department_ref(each) for each in others if each != department_id),
    )
    course.dispatches.append(Dispatch(right, department_id, course.at))


def give_back(course: Course) -> None:
    """The department looks, and applies to return the case; the centre decides within the day."""
    course.wait_worked(8, 150)
    course.step("apply_return", course.handler(), reason=course.say("apply_return"))
    course.dispatches[-1] = replace(course.dispatches[-1], is_returned=True)
    course.wait(4, 90)


def decide(course: Course, department_id: int) -> None:
    by = course.centre(Role.DUTY_CHIEF)
    department = course.world.department_ref(department_id)
    course.step("decide_dispute", by, department=department, reason=course.say("decide_dispute"))
