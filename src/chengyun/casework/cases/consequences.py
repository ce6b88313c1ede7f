"""What follows from a step besides its stage and its clocks: the second short list, `CONSEQUENCES`, at the end.

Who has to do with the case and what was asked for have files of their own beside this one.

Each function draws one consequence: it changes the draft and notes in `data` what the history row shall say. Pure.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any, Final

from chengyun.casework.cases.guards import Attempt
from chengyun.casework.cases.party_consequences import (
    assign,
    end_task,
    finish_part,
    send_task,
    set_departments,
    unassign,
)
from chengyun.casework.cases.request_consequences import Consequence, ask, decide, end_suspension, suspend
from chengyun.casework.cases.state import CaseState


def set_class(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    minor = a.given["minor_class"]
    facts = draft.facts
    facts.minor_class_id, facts.class_code, facts.class_name = minor.id, minor.code, minor.name
    data["class"] = {"standard": minor.standard, "kind": minor.kind, "code": minor.code, "name": minor.name}


def set_condition(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    chosen = a.given["condition"]
    facts = draft.facts
    facts.condition_id, facts.condition_version = chosen.id, chosen.version
    facts.limit_amount, facts.limit_unit = chosen.limit.amount, chosen.limit.unit
    data["condition"] = {"id": chosen.id, "version": chosen.version, "text": chosen.text, "closing": chosen.closing}
    data["limit"] = {
        "amount": str(Decimal(chosen.limit.amount).normalize()), "unit": chosen.limit.unit,
        "area_class": chosen.limit.area_class,
    }  # fmt: skip


def mark_accepted(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.accepted_at = draft.facts.accepted_at or a.at


def mark_filed(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.filed_at = draft.facts.filed_at or a.at


def mark_on_spot(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.is_on_spot = True
    draft.facts.fed_back_at = a.at


def note_finding(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    data["finding"] = a.given["finding"]


def count_return(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.return_count += 1


def decide_dispute(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.dispute_decided = True


def count_rework(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.rework_count += 1


def count_extension(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.extension_count += 1


def mark_fed_back(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.fed_back_at = a.at


def mark_closed(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.closed_at = a.at
    for request in draft.requests:
        if request.is_pending and request.kind != "appeal":
            request.state, request.decided_at, request.decided_by_id = "denied", a.at, a.by.user_id


def reopen(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    facts = draft.facts
    facts.reopen_count += 1
    facts.closed_at = facts.ended_at = None
    unassign(draft, a, data)


def correct(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    facts = draft.facts
    for name in ("title", "address"):
        if a.given.get(name):
            setattr(facts, name, a.given[name].strip())
            data.setdefault("corrected", []).append(name)
    if "is_urgent" in a.given:
        facts.is_urgent = bool(a.given["is_urgent"])
        data["is_urgent"] = facts.is_urgent
    if place := a.given.get("place"):
        for name, value in asdict(place).items():
            setattr(facts, name, value)
        data["place"] = {"lon": place.lon, "lat": place.lat, "cell_code": place.cell_code}


def merge(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.merged_into_id = a.given["target"].id
    data["target"] = {"id": a.given["target"].id, "number": a.given["target"].number}


def take_merged(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    data["merged"] = a.given["number"]


def split(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    data["split"] = a.given["number"]


def bundle(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    data["bundled"] = [other.number for other in a.given["others"]]


def note_report(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    data.update(a.given.get("data") or {})


def count_supplement(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.unseen_supplements += 1
    note_report(draft, a, data)


def take_back(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    """What the last step changed stands again as before; its row stays in the history, and this one says so."""
    point = a.state.undo
    if point is None:
        return
    for name, value in point.facts.items():
        setattr(draft.facts, name, value)
    draft.parties = [replace(party) for party in point.parties]
    draft.requests = [replace(request) for request in point.requests]
    data["undone"] = {"seq": point.seq, "verb": point.verb}


def take_over(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    """What the older system knew of the case: its own id and words stand in the history row."""
    facts = draft.facts
    facts.accepted_at = facts.filed_at = a.at
    facts.class_name = a.given["class_name"]
    if a.given.get("minor_class"):
        set_class(draft, a, data)
    told = a.given.get("limit")
    if told and told.amount:  # nothing can start anew with no time at all
        facts.limit_amount, facts.limit_unit = told.amount, told.unit
    data["imported"] = a.given["imported"]


def close_imported(draft: CaseState, a: Attempt, data: dict[str, Any]) -> None:
    draft.facts.fed_back_at = a.at
    data["imported"] = a.given["imported"]


CONSEQUENCES: Final[dict[str, tuple[Consequence, ...]]] = {
    "send_verify": (send_task,),
    "verify_report": (note_finding, end_task),
    "recall_verify": (end_task,),
    "accept": (set_class, mark_accepted),
    "handle_on_spot": (set_class, mark_accepted, mark_filed, mark_on_spot),
    "file": (set_condition, mark_filed),
    "correct": (correct,),
    "merge": (merge,),
    "split": (split,),
    "dispatch": (set_departments,),
    "receive": (assign,),
    "assign": (assign,),
    "unassign": (unassign,),
    "grant_return": (count_return,),
    "decide_dispute": (set_departments, decide_dispute),
    "apply_extension": (ask("extension"),),
    "apply_suspension": (ask("suspension"),),
    "endorse": (decide("endorsed", "extension", "suspension"),),
    "grant_extension": (decide("granted", "extension"), count_extension),
    "grant_suspension": (decide("granted", "suspension"), suspend),
    "deny_request": (decide("denied", "extension", "suspension"),),
    "resume": (end_suspension,),
    "feed_back_part": (finish_part,),
    "bundle": (bundle,),
    "feed_back": (mark_fed_back,),
    "send_check": (send_task,),
    "check_pass": (end_task,),
    "check_fail": (end_task, count_rework),
    "recall_check": (end_task,),
    "rework": (count_rework,),
    "close": (mark_closed,),
    "close_by_authority": (mark_closed,),
    "reopen": (reopen,),
    "supervise": (ask("supervision", levels=False),),
    "answer_supervision": (decide("answered", "supervision"),),
    "appeal": (ask("appeal", levels=False),),
    "endorse_appeal": (decide("endorsed", "appeal"),),
    "grant_appeal": (decide("granted", "appeal"), lambda draft, a, data: setattr(draft.facts, "overdue_exempt", True)),
    "deny_appeal": (decide("denied", "appeal"),),
    "attach": (note_report,),
    "supplement": (count_supplement,),
    "take_merged": (take_merged,),
    "undo": (take_back,),
    "import": (take_over, set_departments),
    "import_close": (close_imported, mark_closed),
    "import_void": (close_imported,),
}
