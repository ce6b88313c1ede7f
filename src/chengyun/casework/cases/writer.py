"""The thin writer: stores what a plan says, one case at a time. The caller holds the transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengyun.casework.cases import undoing
from chengyun.casework.cases.models import Case, CaseParty, Picture, Request, Step
from chengyun.casework.cases.state import (
    By,
    CaseFacts,
    CaseState,
    DepartmentRef,
    PartyState,
    Plan,
    RequestState,
    StepRow,
)
from chengyun.casework.clocks import store as clock_store
from chengyun.casework.clocks.effects import ClockState
from chengyun.core import events
from chengyun.core.chained import link
from chengyun.core.db.asked import Asked
from chengyun.core.db.inserted import insert
from chengyun.core.errors import Conflict
from chengyun.core.file_models import StoredFile

FACTS = tuple(CaseFacts.__dataclass_fields__)
PARTY = ("role", "since", "department_id", "user_id", "until", "done_at", "note")
REQUEST = (
    "kind", "state", "reason", "asked_at", "asked_by_id", "department_id", "until", "endorsed_by_id", "decided_by_id",
    "decided_at", "answer",
)  # fmt: skip


def load(case: Case) -> CaseState:
    """The state a plan starts from: three statements besides the case itself."""
    return _state(case, clock_store.clocks_of(case.pk), PARTIES.rows(case.pk), REQUESTS.rows(case.pk))


def load_many(cases: Sequence[Case]) -> dict[int, CaseState]:
    """By case id; three statements for all."""
    ids = [case.pk for case in cases]
    parties, requests = defaultdict(list), defaultdict(list)
    for party in _open_parties().filter(case_id__in=ids):
        parties[party.case_id].append(party)
    for request in _requests().filter(case_id__in=ids):
        requests[request.case_id].append(request)
    clocks = clock_store.clocks_of_many(ids)
    return {case.pk: _state(case, clocks[case.pk], parties[case.pk], requests[case.pk]) for case in cases}


def _open_parties() -> QuerySet[CaseParty]:
    return CaseParty.objects.filter(until__isnull=True).select_related("department").order_by("id")


def _requests() -> QuerySet[Request]:
    return Request.objects.order_by("id")


PARTIES = Asked(lambda case_id: _open_parties().filter(case_id=case_id), int)
REQUESTS = Asked(lambda case_id: _requests().filter(case_id=case_id), int)


def _state(case: Case, clocks: dict[str, ClockState], parties: list[CaseParty], requests: list[Request]) -> CaseState:
    return CaseState(
        facts=CaseFacts(**{name: getattr(case, name) for name in FACTS}),
        clocks=clocks,
        parties=[PartyState(id=row.pk, **{name: getattr(row, name) for name in PARTY}) for row in parties],
        requests=[RequestState(id=row.pk, **{name: getattr(row, name) for name in REQUEST}) for row in requests],
        departments={row.department.pk: department_ref(row) for row in parties if row.department},
        id=case.pk,
    )


def department_ref(party: CaseParty) -> DepartmentRef:
    assert party.department is not None
    return DepartmentRef(party.department.pk, party.department.short_name, party.department.works_online)


def store(plan: Plan, case: Case) -> Step:
    """Write a planned step. Raises Conflict when somebody took a step in between; nothing is changed then."""
    assert plan.before is not None
    row = step_row(plan.step, case.pk, case.chain)
    link(row, plan.before.facts.head_hash)
    changed = plan.changed_facts() | {"head_hash": row.hash}
    if "due_at" in changed:
        changed["announced_lamp"] = ""  # a new deadline has its own lamps
    if not Case.objects.filter(pk=case.pk, version=plan.before.facts.version).update(**changed):
        raise Conflict(_("该案件刚被他人办理；请查看最新情况后再操作"))
    insert([row])
    clock_store.save_changed(case.pk, plan.before.clocks, plan.after.clocks)
    _store_parties(plan, case.pk)
    _store_requests(plan, case.pk)
    _keep_pictures(plan.step, case.pk)
    undoing.keep(plan, case.pk)
    events.append("case.step", f"case:{case.pk}", step_event(plan.step, plan.after.facts.number))
    for name, value in changed.items():
        setattr(case, name, value)
    return row


def create(plan: Plan) -> Case:
    """Write a planned report: the case with its first step, clock and parties. The report row is the caller's."""
    facts = {name: getattr(plan.after.facts, name) for name in FACTS}
    case = Case(**facts)
    row = step_row(plan.step, 0, case.chain)  # the hash does not cover the case's id, which comes with the insert
    link(row, None)
    case.head_hash = row.hash
    insert([case])
    row.case = case
    insert([row])
    insert([clock_store.to_row(case.pk, clock) for clock in plan.after.clocks.values()])
    insert([party_row(party, case.pk) for party in plan.after.parties])
    _keep_pictures(plan.step, case.pk)
    return case


def step_row(step: StepRow, case_id: int, chain: str) -> Step:
    by = step.by
    return Step(
        case_id=case_id,
        chain=chain,
        seq=step.seq,
        at=step.at,
        verb=step.verb,
        source_stage=step.source_stage,
        target_stage=step.target_stage,
        **_by_columns(by),
        note=step.note,
        data=step.data,
        clock_effects=step.clock_effects,
        spent_seconds=step.spent_seconds,
    )


def _by_columns(by: By) -> dict[str, Any]:
    return {
        "by_user_id": by.user_id,
        "by_name": by.name,
        "by_role": by.role,
        "by_post": by.post_name,
        "by_department_id": by.department_id,
        "by_department_name": by.department_name,
        "on_behalf_of_id": by.on_behalf_of.id if by.on_behalf_of else None,
        "evidence": by.evidence,
        "evidence_note": by.evidence_note,
    }


def step_event(step: StepRow, number: str) -> dict[str, Any]:
    return {
        "number": number,
        "verb": step.verb,
        "from": step.source_stage,
        "to": step.target_stage,
        "version": step.seq,
        "by": step.by.user_id,
    }


# The kind under which `core.files` knows a case's pictures.
FILES = "case"
MOMENTS = {
    "report": "before", "attach": "before", "verify_report": "before", "check_pass": "check", "check_fail": "check",
}  # fmt: skip


def _keep_pictures(step: StepRow, case_id: int) -> None:
    """The case's pictures are seen by who sees the case; only an upload of one's own becomes the case's."""
    insert(pictures(step, case_id))
    give_files(step, case_id)


def give_files(step: StepRow, case_id: int) -> None:
    if step.photos:
        loose = StoredFile.objects.filter(pk__in=step.photos, owner_id=None, by_id=step.by.user_id)
        loose.update(owner_kind=FILES, owner_id=case_id)


def pictures(step: StepRow, case_id: int) -> list[Picture]:
    moment = MOMENTS.get(step.verb, "after")
    return [Picture(case_id=case_id, file_id=file_id, moment=moment, step_seq=step.seq) for file_id in step.photos]


def party_row(party: PartyState, case_id: int) -> CaseParty:
    return CaseParty(case_id=case_id, **{name: value for name, value in asdict(party).items() if name != "id"})


def request_row(request: RequestState, case_id: int) -> Request:
    return Request(case_id=case_id, **{name: value for name, value in asdict(request).items() if name != "id"})


def _store_parties(plan: Plan, case_id: int) -> None:
    assert plan.before is not None
    before = {party.id: party for party in plan.before.parties}
    insert([party_row(p, case_id) for p in plan.after.parties if p.id is None])
    for party in plan.after.parties:
        if party.id is not None and party != before.get(party.id):
            changed = {name: getattr(party, name) for name in ("user_id", "until", "done_at", "note")}
            CaseParty.objects.filter(pk=party.id).update(**changed)
    # Only what is undone disappears again: whoever was named by mistake has nothing to do with the case.
    kept = {party.id for party in plan.after.parties}
    if gone := [id for id in before if id is not None and id not in kept]:
        CaseParty.objects.filter(case_id=case_id, pk__in=gone).delete()


def _store_requests(plan: Plan, case_id: int) -> None:
    assert plan.before is not None
    before = {request.id: request for request in plan.before.requests}
    insert([request_row(r, case_id) for r in plan.after.requests if r.id is None])
    for request in plan.after.requests:
        if request.id is not None and request != before.get(request.id):
            Request.objects.filter(pk=request.id).update(**{name: getattr(request, name) for name in REQUEST})
    kept = {request.id for request in plan.after.requests}
    if gone := [id for id in before if id is not None and id not in kept]:
        Request.objects.filter(case_id=case_id, pk__in=gone).delete()
