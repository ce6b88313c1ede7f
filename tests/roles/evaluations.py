"""Published evaluations: of the housing bureau's group, and of the receivers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chengyun.casework.cases.tests.county import MONDAY, County
from chengyun.insight.evaluation import schemes
from chengyun.insight.evaluation.models import Objection, Publication, PublishedCases, PublishedRow
from chengyun.insight.figures import packing
from chengyun.regions.tests import land


def build(county: County, case_id: int) -> dict[str, Any]:
    housing, receiver = county.users["handler"].appointments.get().post.department, county.users["receiver"]
    bureaus = _publication("department", "bureaus", str(housing.pk), housing.short_name, case_id)
    receivers = _publication("post:receiver", "", str(receiver.pk), receiver.name, case_id)
    user = county.users["handler"]
    objection = Objection.objects.create(
        row=bureaus.rows.get(), line=0, words="有三件由派遣有误造成", at=MONDAY, by_id=user.pk, by_name=user.name
    )
    return {
        "objection": objection.pk, "evaluation": bureaus.pk, "evaluated": str(housing.pk), "receivers": receivers.pk,
        "evaluated_receiver": str(receiver.pk),
    }  # fmt: skip


def _publication(kind: str, group: str, key: str, name: str, case_id: int) -> Publication:
    plan = schemes.shipped("department" if kind == "department" else "receiver")
    publication = Publication.objects.create(
        kind=kind, group=group, group_name="县直部门" if group else "", period="2026-02", length="month",
        first=dt.date(2026, 2, 1), last=dt.date(2026, 2, 28), region_code=land.COUNTY, scheme=schemes.plain(plan),
        as_of_cursor="0.0", as_of_at=MONDAY, digest="0" * 64, published_at=MONDAY, published_by="evaluator",
    )  # fmt: skip
    figure = {"value": 100.0, "numerator": 1, "denominator": 1, "score": "100.00", "weight": "50.00"}
    PublishedRow.objects.create(
        publication=publication, place=0, key=key, name=name, total=100, grade="A", rank=1,
        figures=[figure for _line in plan.rules.lines],
    )  # fmt: skip
    content = packing.pack({key: [case_id]})
    PublishedCases.objects.create(publication=publication, parts=["0/of"], content=content, digest="0" * 64)
    return publication
