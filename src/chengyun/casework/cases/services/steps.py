"""Taking a step: look up with access, resolve what was brought, plan, write, follow up — one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.cases import search, undoing, writer
from chengyun.casework.cases.fields import EVIDENCE
from chengyun.casework.cases.models import Bundle, Case, Notice, Report, Source
from chengyun.casework.cases.planner import plan_step
from chengyun.casework.cases.queries import case_to_change, visible_to
from chengyun.casework.cases.rights import standings
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services import submit as door
from chengyun.casework.cases.services.resolve import resolve
from chengyun.casework.cases.state import By, CaseState, Plan
from chengyun.casework.cases.workflow import STEPS, Stage, Step
from chengyun.casework.clocks import store as clock_store
from chengyun.casework.clocks.models import Clock
from chengyun.casework.dispatch import queries as dispatch
from chengyun.casework.dispatch.models import Outcome
from chengyun.casework.dispatch.services.feedback import check_return, forget, remember
from chengyun.core import events, files
from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.core.instants import now
from chengyun.people.access import SYSTEM, Actor


def take_step(case_id: int, verb: str, *, by: Actor, version: int, **brought: Any) -> Case:
    """Take one step. `version` is the case's version that the actor saw.

    Raises NotFound (not his to see), NotAllowed, Conflict (somebody was faster) or UserError; nothing is changed then.
    """
    step = STEPS.get(verb)
    if step is None or not step.source:
        raise UserError(_("没有名为“%s”的步骤") % verb, field="verb")
    with transaction.atomic():
        case = _visible(case_id, by)
        if case.version != version:
            raise Conflict(_("该案件刚被他人办理；请查看最新情况后再操作"))
        given = resolve(step, brought, case, visible_to(by))
        _commit_to_photos(given, by)
        plan = _plan(case, step, given, brought, by)
        writer.store(plan, case)
        for follow in FOLLOW_UPS.get(verb, ()):
            follow(case, plan, given)
    return case


def _visible(case_id: int, by: Actor) -> Case:
    case = case_to_change(by, case_id)
    if case is None:
        raise NotFound(_("没有这个案件，或者您无权查看"))
    return case


def _commit_to_photos(given: dict[str, Any], by: Actor) -> None:
    """The uploads that the step brings: the actor's own, not yet given to anything; history commits to their bytes."""
    ids = given.get("photos", ())
    if not ids:
        return
    found = {photo.pk: photo for photo in files.StoredFile.objects.filter(pk__in=ids, by_id=by.user_id, owner_id=None)}
    if len(found) != len(ids):
        raise UserError(_("照片已失效；请重新添加“照片”"), field="photos")
    given["photo_commitments"] = files.commitments_of([found[id] for id in ids])


def _plan(case: Case, step: Step, given: dict[str, Any], brought: Mapping[str, Any], actor: Actor) -> Plan:
    state = _state(case)
    rules = rules_for(case.township_code)
    if step.verb == "file":
        given["controlled"] = _controlled(case)
    if step.verb == "split":
        given["number"] = door.numbers(now(), [door.place_of(case)])[0]
    if step.verb == "apply_return":
        _refuse_decided(case)
    if step.verb == "dispatch" and brought.get("proposal"):
        given["proposal"] = brought["proposal"]
    if step.verb == "undo":
        state.undo = undoing.point_of(case)
    refusal: UserError | None = None
    for by in standings(actor, step, state):
        try:
            return plan_step(state, step.verb, given, with_evidence(by, brought), now(), rules)
        except UserError as error:
            refusal = refusal or error
    raise refusal or NotAllowed(_not_allowed(step, state))


def _state(case: Case) -> CaseState:
    """The bundle's clock is read under a lock, so that two last feedbacks cannot both leave it running."""
    if case.bundle_id:
        list(Clock.objects.select_for_update().filter(case__bundle=case.bundle_id, stage="handle").order_by("id"))
    state = writer.load(case)
    if case.bundle_id:
        others = Case.objects.filter(bundle=case.bundle_id).exclude(pk=case.pk)
        state.bundle_open = others.filter(stage__in=(Stage.DISPATCHED, Stage.HANDLING)).count()
    return state


def _controlled(case: Case) -> str:
    if case.minor_class is None or case.lon is None or case.lat is None:
        return ""
    area = dispatch.controlled(case.minor_class, case.lon, case.lat, case.cell_code, now())
    return area.reason if area else ""


def _refuse_decided(case: Case) -> None:
    """A dispute that was decided for this class and place stays decided (STANDARDS §7.1, 潍坊条例 §22)."""
    if case.minor_class is not None and case.main_department_id is not None:
        check_return(case.minor_class, _codes(case), case.main_department_id, at=now())


def with_evidence(by: By, brought: Mapping[str, Any]) -> By:
    if by.on_behalf_of is None:
        return by
    evidence = str(brought.get("evidence") or "")
    if evidence not in EVIDENCE:
        raise UserError(
            _("代%s录入必须注明依据；请选择“纸质单据”或“电话记录”") % by.on_behalf_of.name, field="evidence"
        )
    note = str(brought.get("evidence_note") or "").strip()
    if not note:
        raise UserError(_("请写明单据编号或通话人、时间；请填写“依据说明”"), field="evidence_note")
    if len(note) > 200:
        raise UserError(_("“依据说明”最多 200 字"), field="evidence_note")
    return replace(by, evidence=evidence, evidence_note=note)


def _not_allowed(step: Step, state: CaseState) -> str:
    who = "、".join(dict.fromkeys(str((who.role or who.tie).label) for who in step.who))
    if state.facts.stage not in step.source:
        return _("案件处于“%(stage)s”，不能%(step)s；请刷新页面") % {
            "stage": Stage(state.facts.stage).label, "step": step.title}  # fmt: skip
    return _("您不能%(step)s：由%(who)s办理") % {"step": step.title, "who": who}


# --- what follows from a step besides its own rows --------------------------------------------------------------------
# Each runs inside the step's transaction, in this order.

FollowUp = Callable[[Case, Plan, Mapping[str, Any]], None]


def learn_from_dispatch(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """What became of the proposal feeds the next one (DESIGN §5, «Who answers»)."""
    if case.minor_class is None:
        return
    proposed = (given.get("proposal") or {}).get("department_id")
    chosen = given["department"].id
    remember(case.minor_class, _codes(case), proposed_id=proposed, chosen_id=chosen, subject=case.chain)


def learn_from_return(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    if case.minor_class is None or case.main_department_id is None:
        return
    chosen = case.main_department_id
    remember(
        case.minor_class,
        _codes(case),
        proposed_id=chosen,
        chosen_id=chosen,
        outcome=Outcome.RETURNED,
        subject=case.chain,
        reason=plan.step.note,
    )


def learn_from_decision(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """裁定 holds for this case and is remembered; a county-wide rule is the duty list's."""
    if case.minor_class is not None:
        chosen = given["department"].id
        outcome = Outcome.DECIDED
        remember(
            case.minor_class, _codes(case), proposed_id=None, chosen_id=chosen, outcome=outcome, subject=case.chain
        )


def _codes(case: Case) -> tuple[str, ...]:
    codes = (case.cell_code, case.community_code, case.township_code, case.county_code)
    return tuple(code for code in codes if code)


def index_again(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    search.index_case(case.pk, " ".join((case.number, case.title, case.description, case.address, case.class_name)))


def move_reports(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """Merging re-points reports; the target's history says what it took in."""
    target = Case.objects.get(pk=given["target"].id)
    Report.objects.filter(case=case).update(case=target)
    state = writer.load(target)
    by = By(None, plan.step.by.name, "system")
    taken = plan_step(state, "take_merged", {"number": case.number}, by, plan.step.at, rules_for(target.township_code))
    writer.store(taken, target)


def open_split_case(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """The matter that was split off begins its own life at the same place."""
    report = door.SubmittedReport(
        source=Source.SPLIT,
        source_id=f"{case.number}/{plan.step.seq}",
        received_at=plan.step.at,
        title=given["title"],
        words=given["words"],
        address=case.address,
        lon=case.lon,
        lat=case.lat,
        is_urgent=case.is_urgent,
    )
    door.open_case(door.checked(report), given["number"], door.place_of(case), SYSTEM, plan.step.at, split_from=case.pk)


def dispatch_by_rule(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """Where the county lets the duty list dispatch above its threshold, the system does, and says so (DESIGN §5)."""
    if case.minor_class is None:
        return
    proposal = dispatch.propose(case.minor_class, _codes(case), case.condition, now())
    if proposal is None or not dispatch.may_go_alone(proposal, case.township_code):
        return
    brought = {
        "department": proposal.main_department_id,
        "co_departments": list(proposal.co_department_ids),
        "note": proposal.reason,
        "proposal": {"department_id": proposal.main_department_id},
    }
    take_step(case.pk, "dispatch", by=SYSTEM, version=case.version, **brought)


def share_clock(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """Put the cases under the leading case's handle clock."""
    bundle = Bundle.objects.create(lead=case, created_at=plan.step.at)
    ids = [case.pk, *(other.id for other in given["others"])]
    Case.objects.filter(pk__in=ids).update(bundle=bundle)
    case.bundle = bundle
    spread_clock(case, plan, given)


def spread_clock(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """What moved the bundle's clock moves it for every case of the bundle."""
    clock = plan.after.clocks.get("handle")
    if case.bundle_id is None or clock is None:
        return
    others = list(Case.objects.filter(bundle=case.bundle_id).exclude(pk=case.pk))
    clock_store.save(clock_store.to_row(other.pk, clock) for other in others)
    on_it = [other.pk for other in others if other.clock_stage == "handle"]
    Case.objects.filter(pk__in=on_it).update(
        due_at=clock.due_at, yellow_at=clock.yellow_at, is_paused=clock.is_paused, is_provisional=clock.provisional
    )
    for other in others:  # their own histories say nothing of it
        events.append("case.clock", f"case:{other.pk}", {"number": other.number})


def unlearn(case: Case, plan: Plan, given: Mapping[str, Any]) -> None:
    """What was taken back taught nothing, and its notices tell nothing any more."""
    point = plan.before.undo if plan.before else None
    if point:
        forget(case.chain, since=point.at)
        Notice.objects.filter(case=case, kind=point.verb, at__gte=point.at).delete()


FOLLOW_UPS: Final[dict[str, tuple[FollowUp, ...]]] = {
    "accept": (index_again,),
    "handle_on_spot": (index_again,),
    "correct": (index_again,),
    "merge": (move_reports,),
    "split": (open_split_case,),
    "file": (dispatch_by_rule,),
    "dispatch": (learn_from_dispatch,),
    "decide_dispute": (learn_from_decision,),
    "grant_return": (learn_from_return,),
    "bundle": (share_clock,),
    "grant_extension": (spread_clock,),
    "feed_back": (spread_clock,),
    "undo": (index_again, unlearn),
}
