"""Objections: the list, a new one, one with its decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengyun.core.digits import whole
from chengyun.core.errors import Conflict, NotAllowed
from chengyun.insight.evaluation import access, objection_word, objections, publishing, showing
from chengyun.insight.evaluation.models import Objection, Publication, PublishedRow
from chengyun.insight.evaluation.objection_forms import DecisionForm, ObjectionForm
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.word.pages import WORD, attached
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import posted, tried

PAGE: Final = 50
NEWEST: Final = 2**62


@dataclass(frozen=True)
class Shown:
    """An objection with the words for what it is about."""

    objection: Objection
    subject: str
    indicator: Indicator

    @property
    def figure(self) -> dict[str, Any]:
        figure: dict[str, Any] = self.objection.row.figures[self.objection.line]
        return figure


def shown(objection: Objection) -> Shown:
    publication = objection.row.publication
    indicator = objections.line_of(objection.row, objection.line)
    return Shown(objection, showing.subject_of(publication).title, indicator)


def shown_all(rows: Sequence[Objection]) -> list[Shown]:
    return [shown(each) for each in rows]


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """Newest first, by key."""
    access.check_enters(request.actor)
    before, state = whole(request.GET.get("before")), request.GET.get("state", "")
    rows = objections.visible_to(request.actor).filter(pk__lt=NEWEST if before is None else before)
    asked = {"state": state} if state in Objection.State.values else {}
    found = list(rows.filter(**asked).order_by("-id")[: PAGE + 1])
    page = found[:PAGE]
    context = {
        "rows": shown_all(page),
        "states": Objection.State.choices,
        "asked": asked.get("state", ""),
        "older_url": f"?{urlencode(asked | {'before': page[-1].pk})}" if len(found) > PAGE else "",
        "reads_all": access.may_read_all(request.actor),
    }
    return render(request, "evaluation/objections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, pk: int, key: str, line: int) -> HttpResponse:
    publication = access.publication_for(request.actor, pk)
    row = access.row_for(request.actor, publication, key)
    indicator = objections.line_of(row, line)
    if not objections.may_object(request.actor, row):
        raise NotAllowed(_("申诉由被评价的部门或者本人提出"))
    form = ObjectionForm(posted(request))
    if form.is_valid():

        def do() -> Objection:
            return objections.object_to(row, line, form.cleaned_data["words"], by=request.actor)

        if made := tried(form, do):
            messages.success(request, _("申诉已提出，考核员裁定后会通知您"))
            return redirect(made)
    context = {
        "publication": publication, "row": row, "indicator": indicator, "form": form, "figure": row.figures[line],
        "title": showing.subject_of(publication).title,
    }  # fmt: skip
    return render(request, "evaluation/new_objection.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: ActorRequest, pk: int) -> HttpResponse:
    """One with its decision; posted to, it is decided."""
    found = objections.objection_for(request.actor, pk)
    if request.method == "POST":
        access.check_writes(request.actor)
    may_decide = found.is_open and access.may_write(request.actor) and found.by_id != request.actor.user_id
    form = DecisionForm(posted(request), initial={"version": found.version})
    if form.is_valid():

        def do() -> Objection:
            given = form.cleaned_data
            upheld = given["state"] == Objection.State.UPHELD
            return objections.decide(found, given["version"], upheld=upheld, reason=given["reason"], by=request.actor)

        if tried(form, do):
            messages.success(request, _("已裁定，申诉的一方会收到通知"))
            return redirect(found)
    context = {
        "each": shown(found), "objection": found, "row": found.row, "publication": found.row.publication,
        "form": form if may_decide or form.errors else None, "is_own": found.by_id == request.actor.user_id,
        "may_withdraw": found.is_open and objections.may_object(request.actor, found.row),
        "correct_url": _correct_url(request, found),
    }  # fmt: skip
    return render(request, "evaluation/objection.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """On the version that was seen; one that is no number was never seen."""
    found, version = objections.objection_for(request.actor, pk), whole(request.POST.get("version"), most=4)
    try:
        objections.withdraw(found, version or 0, by=request.actor)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("申诉已撤回；对这一项可以重新提出申诉"))
    return redirect(found)


@require_safe
def sheet(request: ActorRequest, pk: int) -> HttpResponse:
    """The objection on paper, for whoever may see it."""
    found = objections.objection_for(request.actor, pk)
    name = _("评价申诉处理单 %(number)d %(name)s.docx") % {"number": found.pk, "name": found.row.name}
    return attached(objection_word.word(found), name, WORD)


def _correct_url(request: ActorRequest, found: Objection) -> str:
    """The way to 更正 for what was upheld, where nobody has gone it yet."""
    publication = found.row.publication
    if found.state != Objection.State.UPHELD or not access.may_write(request.actor) or not is_newest(publication):
        return ""
    told = {"name": found.row.name, "line": objections.line_of(found.row, found.line).title}
    reason = _("申诉成立：%(name)s，%(line)s。") % told
    return f"{reverse('evaluation:correct', args=[publication.pk])}?{urlencode({'reason': reason})}"


def is_newest(publication: Publication) -> bool:
    versions = publishing.versions_of(publication.kind, publication.group, publication.period, publication.region_code)
    return versions[0].pk == publication.pk


def lines_open_to(request: ActorRequest, row: PublishedRow) -> list[tuple[int, Indicator]]:
    """The lines of the row to which the reader may object now, by their place."""
    if not objections.may_object(request.actor, row) or not is_newest(row.publication):
        return []
    waiting = set(row.objections.filter(state=Objection.State.OPEN).values_list("line", flat=True))
    indicators = showing.subject_of(row.publication).plan.indicators
    return [(place, each) for place, each in enumerate(indicators) if place not in waiting]
