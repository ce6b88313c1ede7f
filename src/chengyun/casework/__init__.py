"""The heart. `submit` is the one door in, `take_step` the one way on (docs/interfaces.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chengyun.casework.cases.models import Case
    from chengyun.casework.cases.services.submit import Submission, SubmittedReport
    from chengyun.people.access import Actor


def submit(report: SubmittedReport, *, by: Actor | None = None) -> Submission:
    """See `cases.services.submit.submit`. Imported late: models are not loaded when Django reads this package."""
    from chengyun.casework.cases.services.submit import submit as submit_report
    from chengyun.people.access import SYSTEM

    return submit_report(report, by=by or SYSTEM)


def take_step(case_id: int, verb: str, *, by: Actor, version: int, **brought: Any) -> Case:
    """See `cases.services.steps.take_step`."""
    from chengyun.casework.cases.services.steps import take_step as take

    return take(case_id, verb, by=by, version=version, **brought)
