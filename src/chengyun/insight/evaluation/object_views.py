"""One evaluated object: its lines and how they are scored, its course over the last periods, the cases behind."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengyun.casework.cases.listed import COLUMNS, ListedCase
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.workflow import Stage
from chengyun.core.digits import whole
from chengyun.core.errors import NotFound
from chengyun.insight import extra
from chengyun.insight.evaluation import access, publishing, showing
from chengyun.insight.evaluation.computing import course
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.showing import Shown, Subject
from chengyun.insight.evaluation.spans import read as read_span
from chengyun.insight.evaluation.views import measured
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest

STEPS = 8
PAGE = 50


@require_safe
def live_object(request: ActorRequest) -> HttpResponse:
    access.check_reads_all(request.actor)
    if not extra.is_installed():
        return render(request, "figures/absent.html")
    subject, rows = measured(request)
    wanted = request.GET.get("object", "")
    row = next((each for each in rows if each.key == wanted), None)
    if row is None:
        raise NotFound(_("这份评价结果里没有这个对象，或者您不能查看"))
    key = DIMENSIONS[subject.kind.dimension].read(row.key)
    told = course(
        subject.kind.key, key, subject.span, subject.plan, region_code=access.region_of(request.actor), steps=STEPS
    )
    points = [(span.title, judged.total) for span, judged in told]
    return _page(request, subject, row, points, len(rows))


@require_safe
def published_object(request: ActorRequest, pk: int, key: str) -> HttpResponse:
    publication = access.publication_for(request.actor, pk)
    access.row_for(request.actor, publication, key)
    subject, (row,) = showing.of_publication(request.actor, publication, key)
    count = PublishedRow.objects.filter(publication=publication, rank__isnull=False).count()
    return _page(request, subject, row, _course(request.actor, publication, key), count)


def _course(actor: Actor, publication: Publication, key: str) -> list[tuple[str, Any]]:
    """What was published of the object up to this period, oldest first; replaced versions left out."""
    before = access.newest(access.visible_to(actor)).filter(
        kind=publication.kind, group=publication.group, length=publication.length,
        region_code=publication.region_code, first__lte=publication.first,
    )  # fmt: skip
    rows = PublishedRow.objects.filter(publication__in=before, key=key).order_by("-publication__first")
    found = list(rows.values_list("publication__period", "total")[:STEPS])
    return [(read_span(period).title, total) for period, total in reversed(found)]


def _page(request: ActorRequest, subject: Subject, row: Shown, points: list[tuple[str, Any]], count: int
          ) -> HttpResponse:  # fmt: skip
    series = [None if total is None else float(total) for _title, total in points]
    chart = {"labels": [title for title, _total in points], "series": [{"name": _("得分"), "values": series}]}
    context = {
        "subject": subject, "row": row, "count": count, "publication": subject.publication,
        "lines": showing.line_words(subject.plan, subject.span.period.days, row.cells),
        "points": points, "chart": chart if sum(each is not None for each in series) > 1 else None,
    }  # fmt: skip
    return render(request, "evaluation/object.html", context)


@require_safe
def cases(request: ActorRequest, pk: int, key: str) -> HttpResponse:
    """The frozen cases behind one figure; those that the reader may see, newest first."""
    publication = access.publication_for(request.actor, pk)
    row = access.row_for(request.actor, publication, key)
    subject = showing.subject_of(publication)
    part = request.GET.get("part", "")
    title = _part_title(publication, subject, part)
    kept = publishing.kept_cases(publication, part).get(row.key, [])
    ids = sorted(set(kept), reverse=True)
    before = whole(request.GET.get("before"))
    if before is not None:
        ids = [each for each in ids if each < before]
    page = ids[:PAGE]
    found = {case[0]: ListedCase(*case) for case in visible_to(request.actor).filter(pk__in=page).values_list(*COLUMNS)}
    listed = [(found[each], Stage(found[each].stage).label) for each in page if each in found]
    context = {
        "subject": subject, "row": row, "publication": publication, "part": part, "cases": listed,
        "count": len(kept), "hidden": len(page) - len(listed), "what": title,
        "older": page[-1] if len(ids) > PAGE else None,
    }  # fmt: skip
    return render(request, "evaluation/cases.html", context)


def _part_title(publication: Publication, subject: Subject, part: str) -> str:
    if not publishing.keeps(publication, part):
        raise NotFound(_("没有这个数"))
    names = {"late": _("超期数（原始）"), "exempted": _("申诉豁免数")}
    place, _slash, side = part.partition("/")
    if part in names:
        return names[part]
    if not place.isdigit():
        raise NotFound(_("没有这个数"))
    title = str(subject.plan.indicators[int(place)].title)
    if not subject.plan.indicators[int(place)].over:
        return title
    return _("%s（分子）") % title if side == "of" else _("%s（分母）") % title
