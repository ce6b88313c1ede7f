"""Filing conditions: a changed wording or limit is a new version from a day on; the old one stays for its cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.taxonomy.models import ConditionLimit, FilingCondition, MinorClass
from chengyun.taxonomy.services.state import announce

SINCE_ALWAYS = dt.date(2000, 1, 1)


@dataclass(frozen=True)
class Limit:
    amount: Decimal
    unit: str


@dataclass(frozen=True)
class Wording:
    """What a condition says; `limits` by area class, blank for the default."""

    text: str
    closing: str
    limits: Mapping[str, Limit]

    @classmethod
    def of(cls, condition: FilingCondition) -> Wording:
        limits = {limit.area_class: Limit(limit.amount, limit.unit) for limit in condition.limits.all()}
        return cls(condition.text, condition.closing, limits)


@transaction.atomic
def add_condition(
    minor: MinorClass, wording: Wording, *, origin: str, valid_from: dt.date, by: Doer = SYSTEM
) -> FilingCondition:
    taken = minor.conditions.order_by("-number").values_list("number", flat=True).first() or 0
    condition = write_version(minor, taken + 1, wording, origin=origin, valid_from=valid_from, by=by)
    announce("condition added", {"condition": condition.pk})
    return condition


@transaction.atomic
def change_condition(
    condition: FilingCondition, wording: Wording, *, origin: str, valid_from: dt.date, by: Doer = SYSTEM
) -> FilingCondition:
    """A new version from `valid_from`; the county's wording is marked with its own origin."""
    version = write_version(condition.minor, condition.number, wording, origin=origin, valid_from=valid_from, by=by)
    announce("condition changed", {"condition": version.pk})
    return version


@transaction.atomic
def retire_condition(condition: FilingCondition, *, last_day: dt.date, by: Doer = SYSTEM) -> None:
    condition = register.locked(condition)
    register.change(condition, {"valid_to": last_day}, by=by, action="retired")
    announce("condition retired", {"condition": condition.pk})


def write_version(
    minor: MinorClass, number: int, wording: Wording, *, origin: str, valid_from: dt.date, by: Doer = SYSTEM
) -> FilingCondition:
    """One version, without announcing; ends the one before. For changes of many conditions."""
    check(wording)
    newest = minor.conditions.filter(number=number).order_by("-version").first()
    if newest is not None:
        end_before(newest, valid_from, by=by, action="followed")
    condition = FilingCondition.objects.create(
        minor=minor,
        number=number,
        version=newest.version + 1 if newest else 1,
        text=wording.text,
        closing=wording.closing,
        origin=origin,
        valid_from=valid_from,
    )
    ConditionLimit.objects.bulk_create(limit_rows(condition, wording))
    if newest is None:
        register.record_new([condition], by=by, told=told)
    else:
        register.record_successor(condition, told(newest), told(condition), by=by)
    return condition


def told(condition: FilingCondition) -> dict[str, Any]:
    """What history keeps of a version: its columns and its limits in words."""
    limits = [f"{limit.area_class or '默认'} {limit}" for limit in condition.limits.all()]
    return {**register.content(condition), "limits": sorted(limits)}


def end_before(condition: FilingCondition, day: dt.date, *, by: Doer = SYSTEM, action: str = "retired") -> None:
    if condition.valid_from > day:
        raise UserError(_("立案条件“%(text)s”已有更晚生效的版本。") % {"text": condition.text}, field="valid_from")
    if condition.valid_to is None or condition.valid_to >= day:
        before, condition.valid_to = condition.valid_to, day - dt.timedelta(days=1)
        condition.save(update_fields=["valid_to"])
        register.record(condition, action, {"valid_to": before}, {"valid_to": condition.valid_to}, by=by)


def limit_rows(condition: FilingCondition, wording: Wording) -> Iterable[ConditionLimit]:
    for area_class, limit in wording.limits.items():
        yield ConditionLimit(condition=condition, area_class=area_class, amount=limit.amount, unit=limit.unit)


def check(wording: Wording) -> None:
    if not wording.text:
        raise UserError(_("请填写立案条件。"), field="text")
    if not wording.closing:
        raise UserError(_("请填写结案条件。"), field="closing")
    if "" not in wording.limits:
        raise UserError(_("请填写默认处置时限（区域类别留空的一行）。"), field="limits")
    if any(limit.amount <= 0 for limit in wording.limits.values()):
        raise UserError(_("处置时限应大于0。"), field="limits")
