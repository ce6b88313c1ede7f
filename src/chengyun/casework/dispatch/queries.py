"""Who answers for this? `propose` costs two statements: the tokens of the cached list, and the experience so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Subquery
from django.utils.translation import gettext as _

from chengyun.casework.dispatch import dutylist
from chengyun.casework.dispatch.models import ControlArea, DispatchFeedback, DutyState, Outcome
from chengyun.core import configuration
from chengyun.core.instants import civil_day
from chengyun.regions.locate import Place
from chengyun.taxonomy import queries as taxonomy
from chengyun.taxonomy.models import CatalogueState, FilingCondition, MinorClass

THRESHOLD = "dispatch.auto_threshold"
TOWNSHIP_DIGITS = 9

# How sure a duty row is before anybody tried it: the more it says, the surer. Our own choice, not from a standard.
BASE = 0.6
FOR_CONDITION = 0.15
FOR_AREA = 0.1
FOR_HOURS = 0.05
# The row's own word counts as much as this many cases; a return counts as two confirmations.
WEIGHT_OF_ROW = 4
WEIGHT_OF_RETURN = 2

_cached: dutylist.DutyList | None = None


@dataclass(frozen=True)
class Experience:
    """What became of earlier cases of this class in this township that went to the department."""

    confirmed: int = 0
    returned: int = 0


@dataclass(frozen=True)
class Proposal:
    main_department_id: int
    co_department_ids: tuple[int, ...]
    reason: str
    confidence: float
    duty_row_id: int | None = None
    # A decided dispute: the department cannot return the case.
    is_decided: bool = False
    # The duty row allows dispatch without a person; see `may_go_alone`.
    auto_dispatch: bool = False


def propose(
    minor: MinorClass, region_codes: Iterable[str], condition: FilingCondition | None, at: dt.datetime
) -> Proposal | None:
    """The departments that answer, with reason and confidence; None where the duty list says nothing.

    `region_codes`: codes of the place, see `codes_of`; the deepest alone is enough, since codes are prefixes.
    """
    codes = tuple(code for code in region_codes if code)
    duties = duty_list()
    rule = duties.best(minor.pk, codes, (condition.minor_id, condition.number) if condition else None, at)
    decision = duties.decision(minor.pk, codes, civil_day(at))
    if decision:
        return _decided(decision, rule)
    if rule is None:
        return None
    experience = experience_with(duties.catalogue.filing_id(minor.pk), codes, rule.main_department_id)
    return Proposal(
        main_department_id=rule.main_department_id,
        co_department_ids=rule.co_department_ids,
        reason=_reason(rule, minor, condition, experience),
        confidence=round(confidence(prior(rule), experience), 3),
        duty_row_id=rule.duty_row_id,
        auto_dispatch=rule.auto_dispatch,
    )


def may_go_alone(proposal: Proposal, region_code: str = "") -> bool:
    """True where the county lets the duty list dispatch by itself: setting, row and confidence all agree."""
    threshold = configuration.value(THRESHOLD, region_code)
    return threshold is not None and proposal.auto_dispatch and proposal.confidence >= float(threshold)


def may_be_returned(minor: MinorClass, region_codes: Iterable[str], department_id: int, at: dt.datetime) -> bool:
    """A decided dispute cannot be returned again by the department it names."""
    decision = duty_list().decision(minor.pk, tuple(region_codes), civil_day(at))
    return decision is None or decision.department_id != department_id


def controlled(minor: MinorClass, lon: float, lat: float, cell_code: str, at: dt.datetime) -> ControlArea | None:
    """The control area that asks not to report this class here and now; one statement."""
    duties = duty_list()
    filing_id = duties.catalogue.filing_id(minor.pk)
    holding = (each.area for each in duties.controls if each.holds(filing_id, lon, lat, cell_code, at))
    return next(holding, None)


def codes_of(place: Place) -> tuple[str, ...]:
    codes = (place.cell_code, place.community_code, place.township_code, place.county_code)
    return tuple(code for code in codes if code)


def area_of(region_codes: Iterable[str]) -> str:
    """The township of a place, for which experience is counted."""
    return max(region_codes, key=len, default="")[:TOWNSHIP_DIGITS]


def duty_list() -> dutylist.DutyList:
    """The duty list in memory, after one statement that reads its token and the catalogue's."""
    global _cached
    tokens = _tokens()
    if _cached is None or not all(tokens) or _cached.tokens != tokens:
        _cached = dutylist.load(tokens, taxonomy.catalogue(tokens[1]))
    return _cached


def experience_with(filing_id: int, codes: Iterable[str], department_id: int) -> Experience:
    went_there = Q(chosen_department=department_id)
    counts = DispatchFeedback.objects.filter(minor=filing_id, area_code=area_of(codes)).aggregate(
        confirmed=Count("pk", filter=went_there & ~Q(outcome=Outcome.RETURNED)),
        returned=Count("pk", filter=went_there & Q(outcome=Outcome.RETURNED)),
        passed_over=Count("pk", filter=Q(proposed_department=department_id, outcome=Outcome.CHANGED) & ~went_there),
    )
    return Experience(counts["confirmed"], counts["returned"] + counts["passed_over"])


def prior(rule: dutylist.Rule) -> float:
    return (
        BASE
        + FOR_CONDITION * (rule.condition is not None)
        + FOR_AREA * bool(rule.region_code)
        + FOR_HOURS * (not rule.window.is_always)
    )


def confidence(prior: float, experience: Experience) -> float:
    """A weighted share of cases that stayed, beginning with the row's own word; always between 0 and 1."""
    stayed = WEIGHT_OF_ROW * prior + experience.confirmed
    return stayed / (WEIGHT_OF_ROW + experience.confirmed + WEIGHT_OF_RETURN * experience.returned)


def _tokens() -> tuple[str, str]:
    catalogue_token = Subquery(CatalogueState.objects.values("token")[:1])
    row = DutyState.objects.annotate(catalogue=catalogue_token).values_list("token", "catalogue").first()
    return (row[0], row[1] or "") if row else ("", "")


def _decided(decision: dutylist.Decision, rule: dutylist.Rule | None) -> Proposal:
    others = rule.co_department_ids if rule else ()
    return Proposal(
        main_department_id=decision.department_id,
        co_department_ids=tuple(other for other in others if other != decision.department_id),
        reason=_("争议裁定：%(reason)s") % {"reason": decision.reason},
        confidence=1.0,
        duty_row_id=rule.duty_row_id if rule and rule.main_department_id == decision.department_id else None,
        is_decided=True,
    )


def _reason(rule: dutylist.Rule, minor: MinorClass, condition: FilingCondition | None, experience: Experience) -> str:
    parts = [_("权责清单：%(name)s") % {"name": minor.name or minor.code}, _area_words(rule.region_code)]
    if rule.condition and condition:
        parts.append(_("立案条件%(number)d") % {"number": condition.number})
    if not rule.window.is_always:
        parts.append(str(rule.window))
    sentence = "，".join(parts)
    if experience.confirmed or experience.returned:
        counts = {"confirmed": experience.confirmed, "returned": experience.returned}
        sentence += _("；本辖区以往采纳%(confirmed)d次、退回或改派%(returned)d次") % counts
    return sentence


def _area_words(region_code: str) -> str:
    words = {9: _("本乡镇（街道）"), 12: _("本社区（村）"), 15: _("本单元网格")}
    return words.get(len(region_code), _("全县") if len(region_code) <= 6 else _("本片区"))
