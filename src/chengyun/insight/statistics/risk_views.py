"""超期风险: the open cases most at risk, with reasons, and how far that is to be trusted."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.statistics import risk, risk_store
from chengyun.people.middleware import ActorRequest


@require_GET
def page(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "statistics/absent.html")
    model = risk_store.newest()
    context: dict[str, Any] = {"model": model, "fewest": risk.FEWEST}
    if model:
        rows, total = risk_store.most_at_risk(request.actor, model)
        context |= {
            "rows": rows,
            "total": total,
            "judged": risk_store.judgement(model),
            "is_calibrated": risk_store.is_calibrated(model),
        }
    return render(request, "statistics/risk.html", context)
