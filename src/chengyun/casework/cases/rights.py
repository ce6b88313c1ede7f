"""Who may take which step of a case: the table's «who» held against the actor. Pure.

Standing means role plus tie. Where a department never logs in, the centre's dispatchers and receivers stand for it
(代录) and must name the paper or the phone call that it rests on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chengyun.casework.cases.guards import GUARDS, NEED_INPUT, Attempt
from chengyun.casework.cases.state import By, CaseState, DepartmentRef, Rules
from chengyun.casework.cases.workflow import STEPS, Step, Tie, Who
from chengyun.people.access import Actor
from chengyun.people.roles import ADMINISTRATORS, Role

MAY_REPORT: frozenset[str] = frozenset(Role) - ADMINISTRATORS - {Role.EVALUATOR}
FOR_OTHERS = (Role.DISPATCHER, Role.RECEIVER)


@dataclass(frozen=True)
class Offer:
    """A step that the actor may take now, and as whom."""

    step: Step
    by: By

    @property
    def verb(self) -> str:
        return self.step.verb


def standing(actor: Actor, step: Step, state: CaseState) -> By | None:
    """As whom `actor` may take `step`; None when he may not."""
    return next(standings(actor, step, state), None)


def standings(actor: Actor, step: Step, state: CaseState) -> Iterator[By]:
    """Several where a step has several: an extension is endorsed by one post and decided by another."""
    for who in step.who:
        if by := _stands(actor, who, state):
            yield by
    for who in step.who:
        if by := _stands_for_others(actor, who, state):
            yield by


def offers(actor: Actor, state: CaseState, at: dt.datetime, rules: Rules) -> list[Offer]:
    """Every step that stage, standing and the guards that need no input allow, in the table's order."""
    found = []
    for step in STEPS.values():
        if state.facts.stage not in step.source:
            continue
        by = next((by for by in standings(actor, step, state) if _open(step, state, by, at, rules)), None)
        if by:
            found.append(Offer(step, by))
    return found


def _open(step: Step, state: CaseState, by: By, at: dt.datetime, rules: Rules) -> bool:
    attempt = Attempt(state, {}, by, at, rules)
    return not any(GUARDS[name](attempt) for name in step.guards if name not in NEED_INPUT)


def _stands(actor: Actor, who: Who, state: CaseState) -> By | None:
    if who.tie == Tie.AUTHOR:
        return _as_before(actor, state)
    if who.role is None:
        return By(None, actor.name, "system") if actor.user_id is None and actor.county_wide else None
    if not actor.has(who.role):
        return None
    department = _tied_department(actor, who, state)
    if department is not None:
        return replace(_by(actor, who.role), department_id=department.id, department_name=department.name)
    return _by(actor, who.role) if _tied_person(actor, who, state) else None


def _as_before(actor: Actor, state: CaseState) -> By | None:
    """Whoever took the last step takes it back, in the role in which he took it and still has."""
    point = state.undo
    if point is None or actor.user_id is None or point.by_user_id != actor.user_id:
        return None
    return _by(actor, Role(point.by_role)) if actor.has(point.by_role) else None


def _tied_person(actor: Actor, who: Who, state: CaseState) -> bool:
    if who.tie == Tie.CENTRE:
        return actor.county_wide and _in_my_places(actor, state)
    if who.tie == Tie.SYSTEM:
        return actor.user_id is not None
    if who.tie == Tie.TASK:
        waits = state.facts.waits_user_id
        return waits is None or waits == actor.user_id
    return False


def _in_my_places(actor: Actor, state: CaseState) -> bool:
    """A centre answers for its own subtree; a case without a place lies before every centre."""
    code = state.facts.county_code
    return not code or not actor.region_codes or any(code.startswith(prefix[:6]) for prefix in actor.region_codes)


def _tied_department(actor: Actor, who: Who, state: CaseState) -> DepartmentRef | None:
    if who.tie in (Tie.MAIN, Tie.SECOND):
        main = state.facts.main_department_id
        return state.departments.get(main) if main in actor.department_ids and main is not None else None
    if who.tie == Tie.CO:
        mine = [p.department_id for p in state.open_parties("co") if p.department_id in actor.department_ids]
        return state.departments.get(mine[0]) if mine and mine[0] is not None else None
    return None


def _stands_for_others(actor: Actor, who: Who, state: CaseState) -> By | None:
    if who.tie not in (Tie.MAIN, Tie.SECOND, Tie.CO) or not actor.county_wide or not actor.has(*FOR_OTHERS):
        return None
    role = "co" if who.tie == Tie.CO else "main"
    parties = [party.department_id for party in state.open_parties(role) if not party.done_at]
    silent = [state.departments[id] for id in parties if id in state.departments]
    offline = next((department for department in silent if not department.works_online), None)
    if offline is None:
        return None
    acting = next(each for each in FOR_OTHERS if actor.has(each))
    return replace(_by(actor, acting), on_behalf_of=offline)


def _by(actor: Actor, role: Role) -> By:
    return By(
        user_id=actor.user_id,
        name=actor.name,
        role=role,
        post_name=actor.post_name,
        department_id=actor.home_department_id,
        department_name=actor.home_department_name,
    )
