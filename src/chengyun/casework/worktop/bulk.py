"""One step for many cases: what it will do to each, then each in its own transaction under the version seen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chengyun.casework import take_step
from chengyun.casework.cases import writer
from chengyun.casework.cases.models import Case, Step
from chengyun.casework.cases.page import MAIN_PATH
from chengyun.casework.cases.planner import plan_step
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.rights import Offer, offers
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services.resolve import resolve
from chengyun.casework.cases.services.steps import with_evidence
from chengyun.casework.cases.state import CaseState, Plan
from chengyun.casework.cases.workflow import STEPS, Stage
from chengyun.casework.dispatch.queries import Proposal, propose
from chengyun.casework.worktop.models import BulkRun
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.people.access import Actor

MOST = 200
KEEP = dt.timedelta(days=7)
TOKEN = re.compile(r"[0-9A-Za-z]{1,32}")


@dataclass
class Item:
    """One chosen case: the steps that it offers, and what the chosen one would do."""

    case: Case
    state: CaseState
    offers: dict[str, Offer]
    proposal: Proposal | None = None
    brought: dict[str, Any] = field(default_factory=dict)
    plan: Plan | None = None
    refusal: str = ""

    @property
    def stage_after(self) -> str:
        return str(Stage(self.plan.after.facts.stage).label) if self.plan else ""

    @property
    def due_at(self) -> dt.datetime | None:
        return self.plan.after.facts.due_at if self.plan else None


def chosen_cases(actor: Actor, numbers: Sequence[str]) -> list[Item]:
    """The cases that the actor sees, in the order in which they were chosen; five statements for all."""
    wanted = list(dict.fromkeys(number for number in numbers if number.isascii() and number.isalnum()))
    if not wanted:
        raise UserError(_("请先勾选案件"), field="case")
    if len(wanted) > MOST:
        raise UserError(_("一次最多办理 %d 件；请减少勾选") % MOST, field="case")
    related = visible_to(actor).select_related("main_department", "minor_class__standard", "condition")
    found = {case.number: case for case in related.filter(number__in=wanted)}
    cases = [found[number] for number in wanted if number in found]
    states, at = writer.load_many(cases), now()
    return [Item(case, states[case.pk], _offers(actor, case, states[case.pk], at)) for case in cases]


def _offers(actor: Actor, case: Case, state: CaseState, at: dt.datetime) -> dict[str, Offer]:
    found = offers(actor, state, at, rules_for(case.township_code))
    return {offer.verb: offer for offer in found if offer.step.bulk}


def offered(items: Iterable[Item]) -> list[tuple[str, int]]:
    """Steps that some of the cases offer, most common first; of equals the one on the main path."""
    counts: dict[str, int] = {}
    for item in items:
        for verb in item.offers:
            counts[verb] = counts.get(verb, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] not in MAIN_PATH))


def propose_departments(items: Iterable[Item]) -> None:
    for item in items:
        case = item.case
        if case.minor_class is not None:
            codes = (case.cell_code, case.community_code, case.township_code, case.county_code)
            item.proposal = propose(case.minor_class, codes, case.condition, now())


def try_out(items: Iterable[Item], verb: str, actor: Actor) -> None:
    """Plan the step for each with what is filled in; nothing is written. What is missing is said by the plan."""
    seen = visible_to(actor)
    for item in items:
        offer = item.offers.get(verb)
        if offer is None:
            item.refusal = _("处于“%(stage)s”，不能%(step)s，或不由您办理") % {
                "stage": item.case.stage_label, "step": STEPS[verb].title}  # fmt: skip
            continue
        try:
            given = resolve(STEPS[verb], item.brought, item.case, seen)
            by = with_evidence(offer.by, item.brought)
            item.plan = plan_step(item.state, verb, given, by, now(), rules_for(item.case.township_code))
        except UserError as error:
            item.refusal = str(error)


def begin(actor: Actor, token: str, verb: str, items: Sequence[tuple[str, int]]) -> tuple[BulkRun, bool]:
    """The run of this click, and whether it is new: whoever clicks twice gets the first one."""
    if verb not in STEPS or not STEPS[verb].bulk:
        raise UserError(_("这一步不能批量办理"), field="verb")
    if not TOKEN.fullmatch(token):
        raise UserError(_("页面已过期，请回到清单重新勾选"), field="token")
    try:
        with transaction.atomic():
            run = BulkRun(user_id=actor.user_id or 0, token=token, verb=verb, at=now(), items=[list(i) for i in items])
            run.save(force_insert=True)
            return run, True
    except IntegrityError:
        return BulkRun.objects.get(user_id=actor.user_id or 0, token=token), False


def take(run: BulkRun, actor: Actor, brought: Mapping[str, Mapping[str, Any]]) -> None:
    """Each case its own transaction; one that is refused does not hold up the others."""
    ids = dict(visible_to(actor).filter(number__in=[number for number, _v in run.items]).values_list("number", "pk"))
    for number, version in run.items:
        try:
            if number not in ids:
                raise UserError(_("没有这个案件，或者您无权查看"))
            take_step(ids[number], run.verb, by=actor, version=version, **brought.get(number, {}))
        except UserError as error:
            run.refused[number] = str(error)[:300]
    run.is_over = True
    run.save(update_fields=["refused", "is_over"])


@dataclass(frozen=True)
class Outcome:
    number: str
    case: Case | None
    is_done: bool
    reason: str


def outcomes(run: BulkRun, actor: Actor) -> list[Outcome]:
    """Told from the history, so it is true even of a run that was cut off in the middle."""
    numbers = [number for number, _version in run.items]
    cases = {case.number: case for case in visible_to(actor).filter(number__in=numbers)}
    steps = Step.objects.filter(case__number__in=numbers, verb=run.verb, by_user_id=run.user_id)
    taken = set(steps.values_list("case__number", "seq"))
    return [
        Outcome(number, cases.get(number), (number, version + 1) in taken, _reason(run, number))
        for number, version in run.items
    ]


def _reason(run: BulkRun, number: str) -> str:
    return str(run.refused.get(number, "" if run.is_over else _("还没有办理；请重新勾选")))


def forget_old() -> None:
    BulkRun.objects.filter(at__lt=now() - KEEP).delete()
