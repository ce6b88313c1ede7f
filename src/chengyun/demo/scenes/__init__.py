"""The life of a case told in scenes, each a few planned steps.

    intake        verify, accept or refuse, handle on the spot
    dispatching   file, dispatch, void, return and dispatch again
    handling      receive, extend, suspend, supervise, feed back
    checking      check, rework, close, appeal
    merging       a second report of the same thing is merged into the case
    living        what lies on the desks right now

`play` runs them in order until the case has ended or the time that is told is over.
"""

from __future__ import annotations

from chengyun.demo.course import Course, Halt
from chengyun.demo.scenes import checking, dispatching, handling, intake


def play(course: Course) -> bool:
    """True when the case has come to its end, False when time ran out before."""
    try:
        _play(course)
    except Halt:
        return False
    return True


def _play(course: Course) -> None:
    if course.fate.on_spot:
        intake.handle_on_spot(course)
        checking.close(course)
        return
    if not intake.take_in(course):
        return
    if not dispatching.bring_to_department(course):
        return
    if not handling.handle(course):
        return
    checking.check_and_close(course)
