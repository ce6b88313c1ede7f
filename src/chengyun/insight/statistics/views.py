"""The pivot page and its file; other pages stand in files of their own."""

from __future__ import annotations

import io

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengyun.core import history
from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import choices, pivot, telling, workbook
from chengyun.people.middleware import ActorRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Of the audit records of what was taken out of the house, as the other lists have.
CHAIN = "export:statistics"


@require_GET
def page(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "statistics/absent.html")
    asked, fault = choices.read_or_usual(request)
    answer = pivot.answered(request.actor, asked)
    context = choices.of_form(request.actor, asked) | choices.of_table(answer) | {
        "fault": fault, "answer": answer, "frame": asked.frame(), "chart": telling.chart_of(answer),
        "title": telling.title_of(asked), "conditions": telling.conditions(asked, request.actor),
    }  # fmt: skip
    return render(request, "statistics/pivot.html", context, status=422 if fault else 200)


@require_POST
def excel(request: ActorRequest) -> FileResponse:
    """The table of the page whose address asks for it; recorded like every export."""
    check_reads(request.actor)
    asked = asking.read(request.GET, today(), by=request.actor)
    answer = pivot.answered(request.actor, asked)
    made = io.BytesIO()
    workbook.write(made, answer)
    history.record(CHAIN, "list.exported", {"filters": asked.query(), "rows": len(answer.rows)}, by=request.actor)
    made.seek(0)
    return FileResponse(made, as_attachment=True, filename=f"{_('统计')}-{today():%Y%m%d}.xlsx", content_type=XLSX)
