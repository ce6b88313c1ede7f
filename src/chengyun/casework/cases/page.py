"""What the case page shows: a handful of statements, whatever the case has lived through."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from chengyun.casework.cases import writer
from chengyun.casework.cases.models import Case, Picture, Report, Source, Step
from chengyun.casework.cases.queries import Nearby, nearby_cases, takes_originals
from chengyun.casework.cases.rights import Offer, offers
from chengyun.casework.cases.rows import counts_now
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.state import CaseState
from chengyun.casework.cases.timeline import Line, timeline
from chengyun.casework.cases.workflow import CLOCK_TITLES, Stage
from chengyun.casework.clocks import effects
from chengyun.casework.clocks.effects import ClockState
from chengyun.casework.dispatch.queries import Proposal, propose
from chengyun.core.instants import now
from chengyun.core.masking import masked_name, masked_phone
from chengyun.core.worktime import Calendar
from chengyun.people.access import Actor
from chengyun.people.models import Department
from chengyun.people.roles import Role
from chengyun.taxonomy.queries import ThenAndNow, class_then_and_now

# Stages in which the duty list is asked who answers.
PROPOSING = (Stage.ACCEPTED, Stage.FILED, Stage.RETURNING)
# What leads a case from report to closed; everything else is an aside.
MAIN_PATH = frozenset({
    "accept", "file", "dispatch", "receive", "feed_back", "send_check", "check_pass", "close", "verify_report",
    "feed_back_part", "grant_return", "grant_void", "resume", "answer_supervision",
})  # fmt: skip
MAY_SEE_REPORTER = (Role.RECEIVER, Role.DUTY_CHIEF, Role.SUPERVISOR)


@dataclass(frozen=True)
class ClockBar:
    title: str
    lamp: str
    clock: ClockState
    left: Decimal
    # How much of the limit is used, in per cent; 100 is the deadline.
    percent: int
    is_current: bool
    # Time passes at this moment: the page may count down by itself.
    ticks: bool


@dataclass(frozen=True)
class ReportView:
    report: Report
    source: str
    name: str
    phone: str


@dataclass(frozen=True)
class ProposalView:
    proposal: Proposal
    department: str
    co_departments: list[str]

    @property
    def percent(self) -> int:
        return round(self.proposal.confidence * 100)


@dataclass(frozen=True)
class CasePage:
    case: Case
    offers: list[Offer]
    main_offers: list[Offer]
    more_offers: list[Offer]
    bars: list[ClockBar]
    lines: list[Line]
    reports: list[ReportView]
    pictures: dict[str, list[Picture]]
    nearby: list[Nearby]
    proposal: ProposalView | None
    class_then_now: ThenAndNow | None
    takes_originals: bool


def case_page(case: Case, actor: Actor) -> CasePage:
    at = now()
    state, rules = writer.load(case), rules_for(case.township_code)
    found = offers(actor, state, at, rules)
    steps = list(Step.objects.filter(case=case).order_by("-seq"))
    return CasePage(
        case=case,
        offers=found,
        main_offers=sorted((offer for offer in found if not offer.step.minor), key=_is_aside),
        more_offers=[offer for offer in found if offer.step.minor],
        bars=clock_bars(case, state, at, rules.calendar),
        lines=timeline(steps),
        reports=[report_view(report, actor) for report in case.reports.prefetch_related("supplements").order_by("id")],
        pictures=pictures_of(case),
        nearby=nearby_cases(case, actor),
        proposal=proposal_for(case) if case.stage in PROPOSING else None,
        class_then_now=class_then_and_now(case.minor_class) if case.minor_class else None,
        takes_originals=takes_originals(actor),
    )


def _is_aside(offer: Offer) -> bool:
    """Steps on the main path stand first: the first of all stands open, ready to type."""
    return offer.verb not in MAIN_PATH


def clock_bars(case: Case, state: CaseState, at: dt.datetime, calendar: Calendar) -> list[ClockBar]:
    return [
        ClockBar(
            title=str(CLOCK_TITLES[stage]),
            lamp=effects.lamp(clock, at),
            clock=clock,
            left=effects.left(clock, at, calendar),
            percent=_percent(clock, at, calendar),
            is_current=stage == case.clock_stage,
            ticks=clock.is_running and counts_now(calendar, at, clock.limit.unit),
        )
        for stage, clock in sorted(state.clocks.items(), key=lambda each: each[1].started_at)
    ]


def _percent(clock: ClockState, at: dt.datetime, calendar: Calendar) -> int:
    left = effects.left(clock, at, calendar)
    return max(0, min(200, round(100 * (1 - left / clock.allowed)))) if clock.allowed else 100


def report_view(report: Report, actor: Actor) -> ReportView:
    """Who reported is known to the centre's desk and to the reporter; others see it masked (STANDARDS §7.1, §32)."""
    clear = (actor.county_wide and actor.has(*MAY_SEE_REPORTER)) or report.reporter_id == actor.user_id
    name, phone = report.reporter_name, report.reporter_phone
    if not clear:
        name, phone = masked_name(name), masked_phone(phone)
    return ReportView(report, str(Source(report.source).label), name, phone)


def pictures_of(case: Case) -> dict[str, list[Picture]]:
    found: dict[str, list[Picture]] = {"before": [], "after": [], "check": []}
    for picture in case.pictures.order_by("id"):
        found[picture.moment].append(picture)
    return found


def proposal_for(case: Case) -> ProposalView | None:
    if case.minor_class is None:
        return None
    codes = (case.cell_code, case.community_code, case.township_code, case.county_code)
    proposal = propose(case.minor_class, codes, case.condition, now())
    if proposal is None:
        return None
    ids = (proposal.main_department_id, *proposal.co_department_ids)
    names = dict(Department.objects.filter(pk__in=ids).values_list("id", "short_name"))
    main, *others = (names.get(id, "") for id in ids)
    return ProposalView(proposal, main, others)
