"""What follows from a step for who has to do with the case: tasks, departments, handlers. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chengyun.casework.cases.guards import Attempt
from chengyun.casework.cases.state import CaseState, PartyState
from chengyun.people.roles import Role


def send_task(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    """The named collector, else the one of the responsibility grid, else any collector of the centre."""
    end_task(draft, a, data)
    chosen = a.given.get("collector")
    user_id = chosen.id if chosen else draft.facts.grid_collector_id
    draft.parties.append(PartyState("collector", a.at, user_id=user_id))
    data["collector"] = {"id": user_id, "name": chosen.name if chosen else ""}


def end_task(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    """A task that named nobody becomes that of the collector who did it."""
    for party in draft.open_parties("collector"):
        party.until = a.at
        if party.user_id is None and a.by.role == Role.COLLECTOR:
            party.user_id = a.by.user_id


def set_departments(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    main = a.given["department"]
    facts = draft.facts
    _keep_or_end(draft, "main", {main.id}, a.at)
    _keep_or_end(draft, "co", {co.id for co in a.given.get("co_departments", ())}, a.at)
    unassign(draft, a, data)
    facts.main_department_id = main.id
    draft.departments |= {each.id: each for each in (main, *a.given.get("co_departments", ()))}
    facts.dispatched_at = facts.dispatched_at or a.at
    data["department"] = {"id": main.id, "name": main.name}
    data["co_departments"] = [{"id": co.id, "name": co.name} for co in a.given.get("co_departments", ())]
    if proposal := a.given.get("proposal"):
        data["proposal"] = proposal


def _keep_or_end(draft: CaseState, role: str, wanted: set[int], at: dt.datetime) -> None:
    present = {party.department_id: party for party in draft.open_parties(role)}
    for department_id, party in present.items():
        if department_id not in wanted:
            party.until = at
    for department_id in sorted(wanted - {key for key in present if key is not None}):
        draft.parties.append(PartyState(role, at, department_id=department_id))


def assign(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    person = a.given.get("handler")
    if person is None:
        return
    for party in draft.open_parties("handler"):
        party.until = a.at
    draft.facts.handler_id = person.id
    draft.parties.append(PartyState("handler", a.at, user_id=person.id))
    data["handler"] = {"id": person.id, "name": person.name}


def unassign(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.handler_id = None
    for party in draft.open_parties("handler"):
        party.until = a.at


def finish_part(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    department = a.by.on_behalf_of.id if a.by.on_behalf_of else a.given.get("part_department_id", a.by.department_id)
    for party in draft.open_parties("co"):
        if party.department_id == department:
            party.done_at, party.note = a.at, a.note
    data["part"] = {"department_id": department}
