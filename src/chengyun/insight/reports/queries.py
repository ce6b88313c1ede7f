"""The list of reports, newest first, by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chengyun.core.digits import whole
from chengyun.insight.reports.access import visible_to
from chengyun.insight.reports.models import Kind, WorkReport
from chengyun.people.access import Actor

PAGE = 50
NEWEST = 2**62


@dataclass(frozen=True)
class Page:
    rows: Sequence[WorkReport]
    older: int | None


def page_of(actor: Actor, params: Mapping[str, str]) -> Page:
    before = whole(params.get("before"))
    rows = visible_to(actor).filter(pk__lt=NEWEST if before is None else before).defer("facts", "texts", "template")
    if params.get("kind") in Kind.values:
        rows = rows.filter(kind=params["kind"])
    found = list(rows.order_by("-id")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, shown[-1].pk if len(found) > PAGE else None)
