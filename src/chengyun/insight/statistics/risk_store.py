"""The risk model learnt anew each day, and the open cases that it says most of."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction

from chengyun.casework.cases import filters
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.rows import Row, rows_of
from chengyun.core.instants import civil_day, now
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.statistics import risk, risk_facts
from chengyun.insight.statistics.models import RiskModel
from chengyun.insight.statistics.pivot import named
from chengyun.insight.statistics.risk import Judged, Reason, Risk
from chengyun.people.access import Actor

KEPT: Final = 10
SHOWN: Final = 50
# The county's own year, with enough of it.
CALIBRATED_DAYS: Final = 365
CALIBRATED_CASES: Final = 1_000


def learn() -> RiskModel | None:
    """None where there are too few cases to learn from."""
    from chengyun.insight.facts.session import session

    read, late = risk_facts.known(session(), now())
    if len(read.cases) < risk.FEWEST or not 0 < late.sum() < len(late):
        return None
    judged = risk.judged(read.cases, late)
    days = [dt.datetime.fromtimestamp(read.rest[place][7], dt.UTC) for place in (0, -1)]
    row = RiskModel(
        learnt_at=now(), cases=len(read.cases), first_day=civil_day(days[0]), last_day=civil_day(days[1]),
        model=risk.to_json(risk.learn(read.cases, late)), judged=asdict(judged) if judged else {},
    )  # fmt: skip
    with transaction.atomic():
        row.save(force_insert=True)
        kept = RiskModel.objects.order_by("-learnt_at", "-pk").values_list("pk", flat=True)[:KEPT]
        RiskModel.objects.exclude(pk__in=list(kept)).delete()
    return row


def newest() -> RiskModel | None:
    return RiskModel.objects.order_by("-learnt_at", "-pk").first()


def judgement(row: RiskModel) -> Judged | None:
    return Judged(**row.judged) if row.judged else None


def is_calibrated(row: RiskModel) -> bool:
    """Its own year of cases, and better than the common rate where it was judged."""
    judged = judgement(row)
    long = row.first_day is not None and row.last_day is not None
    has_year = long and (row.last_day - row.first_day).days >= CALIBRATED_DAYS  # type: ignore[operator]
    return bool(judged and judged.is_better and has_year and row.cases >= CALIBRATED_CASES)


@dataclass(frozen=True)
class Said:
    """A reason in words: which group, called how, how many of it were late."""

    group: str
    name: str
    reason: Reason


@dataclass(frozen=True)
class AtRisk:
    row: Row
    risk: Risk
    reasons: tuple[Said, ...]


def most_at_risk(actor: Actor, model: RiskModel) -> tuple[list[AtRisk], int]:
    """The open cases that this person may see, most at risk first, and how many were looked at."""
    from chengyun.insight.facts.session import session

    learnt = risk.from_json(model.model)
    read = risk_facts.open_now(session(), now(), scope_of(actor))
    if not read.case_ids:
        return [], 0
    found = sorted(
        zip(read.case_ids, risk.explained(learnt, read.cases), strict=True), key=lambda pair: (-pair[1].chance, pair[0])
    )[:SHOWN]
    cases = visible_to(actor).filter(pk__in=[case_id for case_id, _risk in found])
    rows = {row.case.pk: row for row in rows_of(filters.fetched(cases, SHOWN), now())}
    names = _names([each for _case_id, each in found])
    shown = [
        AtRisk(rows[case_id], each, tuple(Said(r.group, names[r.group, r.key], r) for r in each.reasons))
        for case_id, each in found
        if case_id in rows
    ]
    return shown, len(read.case_ids)


def _names(risks: list[Risk]) -> dict[tuple[str, str], str]:
    """What the keys of the reasons are called."""
    keys: dict[str, set[str]] = {}
    for each in risks:
        for reason in each.reasons:
            keys.setdefault(reason.group, set()).add(reason.key)
    names: dict[tuple[str, str], str] = {}
    for group, wanted in keys.items():
        for key, name in _called(group, sorted(wanted)).items():
            names[group, key] = name
    return names


def _called(group: str, keys: list[str]) -> dict[str, str]:
    if group == "hour":
        return {key: f"{int(key) * 3:02}:00–{int(key) * 3 + 3:02}:00" for key in keys}
    if group in ("department", "weekday"):
        known = named(group, [int(key) for key in keys if key])
        return {key: known[int(key)] if key else "" for key in keys}
    return {key: str(name) for key, name in named(group, keys).items()}
