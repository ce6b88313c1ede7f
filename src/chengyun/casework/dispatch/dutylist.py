"""The duty list, the decided disputes and the control areas in memory, prepared for matching.

One object per process and pair of tokens (ours and the catalogue's). No database here but in `load`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from chengyun.casework.dispatch.models import ControlArea, DecidedDispute, DutyRow
from chengyun.casework.dispatch.windows import Window
from chengyun.core.instants import civil_day
from chengyun.taxonomy.catalogue import Catalogue

ConditionKey = tuple[int, int]


@dataclass(frozen=True)
class Rule:
    """A duty row, ready to match."""

    duty_row_id: int
    minor_id: int
    region_code: str
    condition: ConditionKey | None
    window: Window
    valid_from: dt.date
    valid_to: dt.date | None
    main_department_id: int
    co_department_ids: tuple[int, ...]
    auto_dispatch: bool

    def holds(self, codes: Iterable[str], condition: ConditionKey | None, at: dt.datetime) -> bool:
        return (
            is_valid(self.valid_from, self.valid_to, civil_day(at))
            and lies_in(codes, self.region_code)
            and self.condition in (None, condition)
            and self.window.contains(at)
        )

    def weight(self, minor_id: int) -> tuple[bool, bool, int, bool, dt.date, int]:
        """The most specific row wins: condition, own class before mapped, smaller area, hours; then the newest."""
        return (
            self.condition is not None,
            self.minor_id == minor_id,
            len(self.region_code),
            not self.window.is_always,
            self.valid_from,
            -self.duty_row_id,
        )


@dataclass(frozen=True)
class Decision:
    dispute_id: int
    region_code: str
    department_id: int
    reason: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class Control:
    area: ControlArea
    shape: BaseGeometry | None
    filing_ids: frozenset[int]
    window: Window

    def holds(self, filing_id: int, lon: float, lat: float, cell_code: str, at: dt.datetime) -> bool:
        return (
            self.area.starts_at <= at < self.area.ends_at
            and (not self.filing_ids or filing_id in self.filing_ids)
            and self.window.contains(at)
            and self._covers(lon, lat, cell_code)
        )

    def _covers(self, lon: float, lat: float, cell_code: str) -> bool:
        if self.shape is None and not self.area.region_codes:
            return True
        inside = self.shape is not None and shapely.intersects_xy(self.shape, lon, lat)
        return bool(inside) or any(lies_in((cell_code,), code) for code in self.area.region_codes)


@dataclass
class DutyList:
    tokens: tuple[str, str]
    catalogue: Catalogue
    rules: dict[int, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    decisions: dict[int, list[Decision]] = field(default_factory=lambda: defaultdict(list))
    controls: list[Control] = field(default_factory=list)

    def best(self, minor_id: int, codes: Iterable[str], condition: ConditionKey | None, at: dt.datetime) -> Rule | None:
        rules = self.rules.get(self.catalogue.filing_id(minor_id), ())
        holding = [rule for rule in rules if rule.holds(codes, condition, at)]
        return max(holding, key=lambda rule: rule.weight(minor_id), default=None)

    def decision(self, minor_id: int, codes: Iterable[str], day: dt.date) -> Decision | None:
        decisions = self.decisions.get(self.catalogue.filing_id(minor_id), ())
        holding = [
            each
            for each in decisions
            if is_valid(each.valid_from, each.valid_to, day) and lies_in(codes, each.region_code)
        ]
        return max(holding, key=lambda each: (len(each.region_code), each.valid_from, each.dispute_id), default=None)


def load(tokens: tuple[str, str], catalogue: Catalogue) -> DutyList:
    duties = DutyList(tokens, catalogue)
    for row in DutyRow.objects.select_related("condition").prefetch_related("co_departments"):
        duties.rules[catalogue.filing_id(row.minor_id)].append(_rule(row))
    for dispute in DecidedDispute.objects.all():
        decision = Decision(
            dispute.pk,
            dispute.region_code,
            dispute.department_id,
            dispute.reason,
            dispute.valid_from,
            dispute.valid_to,
        )
        duties.decisions[catalogue.filing_id(dispute.minor_id)].append(decision)
    duties.controls = [
        _control(area, catalogue) for area in ControlArea.objects.filter(is_draft=False).prefetch_related("minors")
    ]
    return duties


def lies_in(codes: Iterable[str], prefix: str) -> bool:
    return not prefix or any(code.startswith(prefix) for code in codes)


def is_valid(valid_from: dt.date, valid_to: dt.date | None, day: dt.date) -> bool:
    return valid_from <= day and (valid_to is None or day <= valid_to)


def _rule(row: DutyRow) -> Rule:
    return Rule(
        duty_row_id=row.pk,
        minor_id=row.minor_id,
        region_code=row.region_code,
        condition=(row.condition.minor_id, row.condition.number) if row.condition else None,
        window=Window(row.from_time, row.to_time, row.weekdays),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        main_department_id=row.main_department_id,
        co_department_ids=tuple(sorted(department.pk for department in row.co_departments.all())),
        auto_dispatch=row.auto_dispatch,
    )


def _control(area: ControlArea, catalogue: Catalogue) -> Control:
    return Control(
        area=area,
        shape=shapely.from_wkb(bytes(area.shape)) if area.shape else None,
        filing_ids=frozenset(catalogue.filing_id(minor.pk) for minor in area.minors.all()),
        window=Window(area.from_time, area.to_time, area.weekdays),
    )
