"""Evaluation: its first page, a result as it is now, a published one, publishing and correcting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengyun.core.digits import whole
from chengyun.core.errors import NotAllowed, NotFound, UserError
from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.evaluation import access, objects, publishing, showing, spans
from chengyun.insight.evaluation import differences as differing
from chengyun.insight.evaluation import home as boards
from chengyun.insight.evaluation.computing import evaluate
from chengyun.insight.evaluation.difference_words import told_rows
from chengyun.insight.evaluation.forms import CorrectionForm
from chengyun.insight.evaluation.models import Publication
from chengyun.insight.evaluation.publishing import LONGEST_REASON
from chengyun.insight.evaluation.showing import Shown, Subject
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import posted, tried

# As many objects a page; only cells are more.
PAGE = 200


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    access.check_enters(actor)
    if not access.may_read_all(actor):
        return render(request, "evaluation/own.html", {"published": boards.own_list(actor)})
    if not extra.is_installed():
        return render(request, "figures/absent.html")
    length = request.GET.get("length", "month")
    length = length if length in spans.LENGTHS else "month"
    columns, lines = boards.board(actor, length, today())
    context = {
        "columns": columns, "lines": lines, "lengths": boards.lengths(length), "may_write": access.may_write(actor),
    }  # fmt: skip
    return render(request, "evaluation/home.html", context)


@require_safe
def result(request: ActorRequest) -> HttpResponse:
    """Measured now. A question that cannot be answered is told where it was asked."""
    access.check_reads_all(request.actor)
    if not extra.is_installed():
        return render(request, "figures/absent.html")
    try:
        subject, rows = measured(request)
    except UserError as error:
        asked = {"fault": str(error), "kinds": objects.KINDS.values(), "period": request.GET.get("period", "")}
        return render(request, "evaluation/asked.html", asked, status=422)
    region_code = access.region_of(request.actor)
    published = publishing.versions_of(subject.kind.key, subject.group, subject.span.key, region_code)
    is_judged = subject.span.is_over(today()) and any(row.total is not None for row in rows)
    may_publish = access.may_write(request.actor) and is_judged and not published
    department = subject.kind.of == objects.DEPARTMENT
    context: dict[str, Any] = {
        "published": published[0] if published else None, "may_publish": may_publish, "kinds": objects.KINDS.values(),
        "groups": [(each.key, each.name) for each in subject.plan.groups] if department else [],
    }  # fmt: skip
    return _table(request, subject, rows, context)


def measured(request: ActorRequest) -> tuple[Subject, list[Shown]]:
    kind = objects.kind_for(request.GET.get("kind", "department"))
    asked = request.GET.get("period", "")
    span = spans.read(asked) if asked else spans.latest_over("month", today())
    found = evaluate(kind.key, span, region_code=access.region_of(request.actor))
    return showing.of_result(found, request.GET.get("group", "") or found.groups[0].group.key)


@require_safe
def publication(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.publication_for(request.actor, pk)
    subject, rows = showing.of_publication(request.actor, row)
    versions = publishing.versions_of(row.kind, row.group, row.period, row.region_code)
    is_newest = versions[0].pk == row.pk
    context = {
        "publication": row, "versions": versions, "is_newest": is_newest, "newest": versions[0],
        "may_correct": is_newest and access.may_write(request.actor), "reads_all": access.may_read_all(request.actor),
        "is_intact": publishing.is_intact(row),
    }  # fmt: skip
    return _table(request, subject, rows, context)


def _table(request: ActorRequest, subject: Subject, rows: list[Shown], context: dict[str, Any]) -> HttpResponse:
    sort, first = request.GET.get("sort", ""), whole(request.GET.get("start"), most=8) or 0
    pages = {
        "newer_url": _address(request, start=max(first - PAGE, 0)) if first else "",
        "older_url": _address(request, start=first + PAGE) if first + PAGE < len(rows) else "",
    }
    context |= pages | {
        "subject": subject, "rows": showing.ordered(rows, sort)[first : first + PAGE], "sort": sort,
        "kept": _address(request, sort=None, start=None)[1:], "all": len(rows),
        "lines": showing.line_words(subject.plan, subject.span.period.days),
        "scored": sum(row.total is not None for row in rows), "counts": _grade_counts(subject, rows),
    }  # fmt: skip
    name = "evaluation/publication.html" if subject.publication else "evaluation/result.html"
    return render(request, name, context)


def _address(request: ActorRequest, **changes: int | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _grade_counts(subject: Subject, rows: list[Shown]) -> list[tuple[str, str, int]]:
    return [
        (grade.name, grade.colour, sum(row.grade == grade.name for row in rows)) for grade in subject.plan.rules.grades
    ]


@require_POST
def publish(request: ActorRequest) -> HttpResponse:
    access.check_writes(request.actor)
    kind, group, period = (request.POST.get(name, "") for name in ("kind", "group", "period"))
    try:
        made = publishing.publish(kind, spans.read(period), group, by=request.actor)
    except (NotAllowed, NotFound):
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect(boards.result_address(kind, group, period))
    messages.success(request, _("已发布，结果和背后的案件固定下来"))
    return redirect(made)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.publication_for(request.actor, pk)
    access.check_writes(request.actor)
    form = CorrectionForm(posted(request), initial={"reason": request.GET.get("reason", "")[:LONGEST_REASON]})
    if form.is_valid():

        def do() -> Publication:
            return publishing.correct(row, form.cleaned_data["reason"], by=request.actor)

        if made := tried(form, do):
            messages.success(request, _("已按现在的数据发布第 %d 版，原来的一版保留") % made.version)
            return redirect(made)
    context = {"publication": row, "title": boards.title_of(row), "form": form}
    return render(request, "evaluation/correct.html", context, status=422 if form.errors else 200)


@require_safe
def differences(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.publication_for(request.actor, pk)
    access.check_reads_all(request.actor)
    if not extra.is_installed():
        return render(request, "figures/absent.html")
    found = differing.compared(row)
    context = {
        "publication": row, "title": boards.title_of(row), "found": found,
        "rows": told_rows(request.actor, showing.subject_of(row), found),
        "may_correct": access.may_write(request.actor),
    }  # fmt: skip
    return render(request, "evaluation/differences.html", context)
