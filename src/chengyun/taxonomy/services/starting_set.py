"""The conditions that ship with the product: our words, never national text; a county's own wording is left alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from chengyun.core.instants import today
from chengyun.taxonomy.models import STARTING_SET, ConditionLimit, FilingCondition, MinorClass
from chengyun.taxonomy.services.conditions import SINCE_ALWAYS, Limit, Wording, limit_rows, write_version
from chengyun.taxonomy.services.data import Key, data_rows

Number = tuple[Key, int]


def load_conditions(minors: Mapping[Key, MinorClass], changes: Counter[str]) -> None:
    known = _newest_versions()
    new: list[tuple[FilingCondition, Wording]] = []
    for (key, number), wording in _wordings().items():
        minor = minors[key]
        newest = known.get((minor.pk, number))
        if newest is None:
            new.append((_first_version(minor, number, wording), wording))
        elif newest.origin == STARTING_SET and newest.valid_to is None and Wording.of(newest) != wording:
            write_version(minor, number, wording, origin=STARTING_SET, valid_from=_day_of_change(newest))
            changes["condition corrected"] += 1
    _create(new, changes)


def _wordings() -> dict[Number, Wording]:
    """Rows of one number follow each other: the first has the words and the default limit, the others area classes."""
    wordings: dict[Number, Wording] = {}
    for number, row in _numbered_rows():
        limit = {row["area_class"]: Limit(Decimal(row["amount"]), row["unit"])}
        if number in wordings:
            before = wordings[number]
            wordings[number] = Wording(before.text, before.closing, {**before.limits, **limit})
        else:
            wordings[number] = Wording(row["condition"], row["closing"], limit)
    return wordings


def _numbered_rows() -> Iterator[tuple[Number, dict[str, str]]]:
    for row in data_rows("conditions.csv"):
        yield ((row["standard"], row["kind"], row["code"]), int(row["number"])), row


def _newest_versions() -> dict[tuple[int, int], FilingCondition]:
    conditions = FilingCondition.objects.prefetch_related("limits").order_by("version")
    return {(condition.minor_id, condition.number): condition for condition in conditions}


def _first_version(minor: MinorClass, number: int, wording: Wording) -> FilingCondition:
    return FilingCondition(
        minor=minor,
        number=number,
        text=wording.text,
        closing=wording.closing,
        origin=STARTING_SET,
        valid_from=SINCE_ALWAYS,
    )


def _day_of_change(newest: FilingCondition) -> dt.date:
    return max(today(), newest.valid_from)


def _create(new: list[tuple[FilingCondition, Wording]], changes: Counter[str]) -> None:
    FilingCondition.objects.bulk_create([condition for condition, _wording in new])
    limits = [limit for condition, wording in new for limit in limit_rows(condition, wording)]
    ConditionLimit.objects.bulk_create(limits)
    if new:
        changes["condition added"] += len(new)
