from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from chengyun.assets.models import Component
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import of_seen_case, visible_to
from chengyun.casework.components.models import CaseComponent
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
