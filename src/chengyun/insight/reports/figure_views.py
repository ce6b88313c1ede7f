"""A figure of a report as it was counted: its value then, and exactly the cases that were behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengyun.casework.cases.listed import COLUMNS, ListedCase
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.workflow import Stage
from chengyun.core.digits import whole
from chengyun.core.errors import NotFound
from chengyun.insight.reports import access, preview, services, words
from chengyun.insight.reports.counted import Cases
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest

PAGE: Final = 50
OF, OVER = 0, 1


@dataclass(frozen=True)
class Line:
    case: ListedCase
    rows: int

    @property
    def stage(self) -> str:
        return str(Stage(self.case.stage).label)


@require_safe
def figure(request: ActorRequest, pk: int) -> HttpResponse:
    report = access.report_for(request.actor, pk)
    ref, part = request.GET.get("ref", "")[:300], OVER if request.GET.get("part") == "over" else OF
    fact = report.facts["figures"].get(ref)
    cases = services.cases_of(report, fact, part) if fact else None
    if fact is None or cases is None:
        raise NotFound(_("这份报表没有保存这个数背后的案件"))
    lines, older = _page(request.actor, cases, request.GET.get("before", ""))
    asked = {"ref": ref, **({"part": "over"} if part else {})}
    context = {
        "report": report, "fact": fact, "part": part, "lines": lines, "is_first": "before" not in request.GET,
        "older_url": f"?{urlencode({**asked, 'before': older})}#cases" if older else "",
        "what": words.of_figure(fact), "value": words.written(fact, fact["value"]), "ref": urlencode({"ref": ref}),
        "now_url": preview.address_now(report, fact), "count": len(cases),
        "rows": sum(cases.values()), "has_over": len(fact["behind"]) > 1,
    }  # fmt: skip
    return render(request, "reports/figure.html", context)


def _page(actor: Actor, cases: Cases, before: str) -> tuple[list[Line], int | None]:
    """The newest first, those that the reader may see; and below which case the following page begins."""
    limit = whole(before)
    ids = sorted((each for each in cases if limit is None or each < limit), reverse=True)
    shown = ids[:PAGE]
    found: Mapping[int, Any] = {row[0]: row for row in visible_to(actor).filter(pk__in=shown).values_list(*COLUMNS)}
    lines = [Line(ListedCase(*found[each]), cases[each]) for each in shown if each in found]
    return lines, shown[-1] if len(ids) > PAGE else None
