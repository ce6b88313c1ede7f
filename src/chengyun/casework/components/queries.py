from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet

from chengyun.assets.models import Component
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import of_seen_case, visible_to
from chengyun.casework.cases.workflow import Stage
from chengyun.casework.components.models import CaseComponent
from chengyun.core.instants import start_of_day
from chengyun.people.access import Actor


def link_of(case: Case) -> CaseComponent | None:
    return CaseComponent.objects.filter(case=case).select_related("component__maintainer").first()


def cases_of(component: Component, actor: Actor) -> QuerySet[Case]:
    """Those that the reader may see, newest first."""
    return visible_to(actor).filter(component_link__component=component).order_by("-id")


def links_visible(actor: Actor, params: Mapping[str, str]) -> QuerySet[CaseComponent]:
    """For the export: cases with their components, newest first."""
    rows = CaseComponent.objects.filter(of_seen_case(actor)).select_related("case", "component")
    return rows.order_by("-case_id")


def links_filed(first: dt.date, last: dt.date) -> QuerySet[CaseComponent]:
    """Of cases filed on these days, both included; one that became part of another counts with that one."""
    begins, ends = start_of_day(first), start_of_day(last + dt.timedelta(days=1))
    rows = CaseComponent.objects.filter(case__filed_at__gte=begins, case__filed_at__lt=ends)
    return rows.exclude(case__stage=Stage.MERGED)


def cases_filed(actor: Actor, first: dt.date, last: dt.date, *, closed: bool = False) -> QuerySet[Case]:
    """Those of them that the reader may see; `closed`: only what is closed."""
    rows = visible_to(actor).filter(pk__in=links_filed(first, last).values("case"))
    return rows.filter(closed_at__isnull=False) if closed else rows
