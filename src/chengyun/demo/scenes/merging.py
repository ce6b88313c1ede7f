"""Somebody else reports the same thing while it is being handled; the receiver merges it into the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from chengyun.casework.cases.state import By, StepRow
from chengyun.demo.course import Course
from chengyun.demo.rhythm import minutes
from chengyun.people.roles import Role


@dataclass
class Duplicate:
    """A report that comes to nothing of its own. `row` is the target's own step, which will carry its number."""

    source: str
    reported_at: dt.datetime
    merged_at: dt.datetime
    by: By
    row: StepRow
    number: str = ""


def take_duplicates(course: Course) -> None:
    for source in course.duplicate_sources:
        reported_at = course.at + minutes(course.random, 1, 50)
        course.at = reported_at + minutes(course.random, 1, 9)
        by = course.centre(Role.RECEIVER)
        course.step("take_merged", By(None, by.name, "system"), number="")
        row = course.thread.steps[-1]
        course.duplicates.append(Duplicate(source, reported_at, course.at, by, row))
