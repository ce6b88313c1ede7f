"""A plan of the year with a target of the county and one of the housing bureau."""

from __future__ import annotations

from decimal import Decimal

from chengyun.casework.cases.tests.county import County
from chengyun.insight.targets import services
from chengyun.insight.targets.models import Plan
from chengyun.people.access import SYSTEM
from chengyun.regions.tests import land


def build(county: County) -> None:
    plan = services.add_plan(by=SYSTEM, name="年度目标", year=2026)
    Plan.objects.filter(pk=plan.pk).update(region_code=land.COUNTY)
    for key, department in (("closing_rate", None), ("handling_rate", county.housing)):
        services.add_target(
            by=SYSTEM, plan=plan, indicator=key, span="2026", wanted=Decimal(98), department=department
        )  # fmt: skip
