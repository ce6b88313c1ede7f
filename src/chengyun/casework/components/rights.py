"""Who says which component a case is about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.core.errors import NotAllowed
from chengyun.people.access import Actor
from chengyun.people.roles import Role

AT_THE_DESK = (Role.RECEIVER, Role.DUTY_CHIEF, Role.DISPATCHER)


def may_choose(actor: Actor, case: Case) -> bool:
    """While the case is open: the desk, the departments that handle it, the collector whose task or report it is.
    Seeing a case is not enough: its township, the leaders and the supervisors only look."""
    return not case.ended_at and (
        actor.for_county(*AT_THE_DESK)
        or _handles(actor, case)
        or (actor.has(Role.COLLECTOR) and _collects(actor, case))
    )


def check_may_choose(actor: Actor, case: Case) -> None:
    if case.ended_at:
        raise NotAllowed(_("案件已办结，不能再改部件。"))
    if not may_choose(actor, case):
        raise NotAllowed(_("部件由受理、派遣和处置人员选择，请联系他们。"))


def _handles(actor: Actor, case: Case) -> bool:
    if not actor.has(Role.HANDLER):
        return False
    if case.main_department_id in actor.department_ids:
        return True
    return case.parties.filter(role="co", until=None, department__in=actor.department_ids).exists()


def _collects(actor: Actor, case: Case) -> bool:
    if not actor.has(Role.COLLECTOR):
        return False
    if case.waits_for == Role.COLLECTOR and case.waits_user_id in (None, actor.user_id):
        return True
    return case.reports.filter(reporter_id=actor.user_id).exists()
