"""Evaluations that were published, made without any facts: of two bureaus, and of the receivers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chengyun.casework.cases.tests.county import MONDAY, County
from chengyun.insight.evaluation import schemes
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.regions.tests import land

FIGURE = {"value": 100.0, "numerator": 1, "denominator": 1, "score": "100.00", "weight": "25.00"}


def build(county: County) -> dict[str, int]:
    bureaus = _published("department", group="bureaus", group_name="县直部门")
    for place, unit in enumerate((county.housing, county.market)):
        _row(bureaus, place, unit.pk, unit.short_name, late=1, exempted=0)
    receivers = _published("post:receiver")
    _row(receivers, 0, county.users["receiver"].pk, "受理员")
    return {"bureaus": bureaus.pk, "receivers": receivers.pk}


def _published(kind: str, **fields: Any) -> Publication:
    plan = schemes.shipped(kind.removeprefix("post:"))
    return Publication.objects.create(
        kind=kind, period="2026-02", length="month", first=dt.date(2026, 2, 1), last=dt.date(2026, 2, 28),
        region_code=land.COUNTY, scheme=schemes.plain(plan), as_of_cursor="0.0", as_of_at=MONDAY, digest="0" * 64,
        published_at=MONDAY, published_by="evaluator", **fields,
    )  # fmt: skip


def _row(publication: Publication, place: int, key: int, name: str, **fields: Any) -> PublishedRow:
    lines = len(publication.scheme["lines"])
    return PublishedRow.objects.create(
        publication=publication, place=place, key=str(key), name=name, total="90.00", grade="A", rank=1,
        figures=[FIGURE] * lines, **fields,
    )  # fmt: skip
