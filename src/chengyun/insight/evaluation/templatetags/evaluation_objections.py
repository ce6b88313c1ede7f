"""Objections beside a published result, as far as the reader may see them."""

from __future__ import annotations

from typing import Any

from django import template

from chengyun.insight.evaluation import objections
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.objection_views import lines_open_to, shown_all

register = template.Library()
# Of one result; the list has them all.
MOST_SHOWN = 50


@register.inclusion_tag("evaluation/_objections.html", takes_context=True)
def objections_beside(context: dict[str, Any], publication: Publication, key: str = "") -> dict[str, Any]:
    """Of a publication, or of one of its rows with the lines that may still be objected to."""
    request = context["request"]
    rows = objections.visible_to(request.actor).filter(row__publication=publication)
    row = None
    if key:
        rows = rows.filter(row__key=key)
        row = PublishedRow.objects.select_related("publication").filter(publication=publication, key=key).first()
    found = shown_all(list(rows.order_by("-id")[:MOST_SHOWN]))
    return {
        "rows": found, "publication": publication, "row": row, "lines": lines_open_to(request, row) if row else [],
    }  # fmt: skip
