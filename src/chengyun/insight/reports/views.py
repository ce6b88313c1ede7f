"""Reports: the list, a new one, its page with what is done on it; templates stand in `template_views`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengyun.core import history
from chengyun.core.errors import NotAllowed, NotFound, UserError
from chengyun.insight.reports import access, forms, pdf, preview, services, told, word_pdf, words
from chengyun.insight.reports.models import Kind, WorkReport
from chengyun.insight.reports.queries import page_of, wish_of
from chengyun.insight.word import libreoffice
from chengyun.insight.word.pages import WORD, attached
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import posted, tried
from chengyun.ui.htmx import wants_partial


def deed(request: ActorRequest, report: WorkReport, do: Callable[[], Any], sentence: str) -> HttpResponse:
    """A button without a form: its refusal is told on the page it came from."""
    try:
        do()
    except (NotAllowed, NotFound):
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect(report)


@require_safe
def reports(request: ActorRequest) -> HttpResponse:
    access.check_reads(request.actor)
    wish = wish_of(request.GET)
    page = page_of(request.actor, wish)
    asked = {"kind": wish.kind} if wish.kind else {}
    context = {
        "rows": page.rows,
        "older_url": f"?{urlencode(asked | {'before': page.older})}" if page.older else "",
        "kinds": Kind.choices,
        "asked": asked,
        "may_write": access.may_write(request.actor),
    }
    return render(request, "reports/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    access.check_writes(request.actor)
    form = forms.NewReportForm(posted(request), initial={"kind": request.GET.get("kind", Kind.MONTHLY)})
    if form.is_valid():
        given = form.cleaned_data

        def do() -> WorkReport:
            return services.draft(
                given["kind"], given["period"], by=request.actor, title=given["title"], where=form.where
            )

        if made := tried(form, do):
            messages.success(request, _("已按现在的数据起草“%s”") % made.title)
            return redirect(made)
    return render(request, "reports/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def report(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    return _page(request, row)


def _page(request: ActorRequest, row: WorkReport, form: forms.TextsForm | None = None) -> HttpResponse:
    may_write = access.may_write(request.actor)
    may_change = may_write and row.is_draft
    correcting = may_change and "correct" in request.GET
    texts = row.facts["texts"]
    unsaved = form if form and form.errors and not may_change else None
    if unsaved:
        unsaved.lock()
    context = {
        "report": row,
        "blocks": preview.shown(row, correcting=correcting),
        "correcting": correcting,
        "corrections": services.corrections_of(row),
        "form": form or forms.TextsForm(texts, row.texts),
        "unsaved": unsaved,
        "may_write": may_write,
        "may_change": may_change,
        "word_pdf": word_pdf.of(row),
        "has_libreoffice": bool(libreoffice.program()),
        "empty_texts": [text["title"] for text in texts if not row.texts.get(text["key"])],
        "differences": told.differences(row, request.actor) if may_write and "compare" in request.GET else None,
        "history": told.history_lines(history.records(services.chain_of(row))),
    }
    status = 422 if form and form.errors else 200
    return render(request, "reports/report.html", context, status=status)


@require_POST
def write(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    access.check_writes(request.actor)
    form = forms.TextsForm(row.facts["texts"], row.texts, request.POST)
    do = partial(services.write_texts, row, by=request.actor)
    if form.is_valid() and tried(form, lambda: bool(do(form.given, seen=form.seen))):
        messages.success(request, _("文字已保存。"))
        return redirect(row)
    # As it is by now: others may have written it, or issued it.
    row.refresh_from_db()
    form.show_overtaken(row.texts)
    return _page(request, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    access.check_writes(request.actor)
    ref = (request.GET.get("ref") or request.POST.get("ref") or "")[:300]
    fact = row.facts["figures"].get(ref)
    if fact is None:
        raise NotFound(_("报表里没有这个数"))
    form = forms.CorrectionForm(posted(request))
    do = partial(services.correct, row, ref, by=request.actor)
    if form.is_valid() and tried(form, lambda: bool(do(**form.cleaned_data))):
        messages.success(request, _("已更正，报表里会注明原数、经手人和理由"))
        return redirect(row)
    context = {
        "report": row, "form": form, "ref": ref, "what": words.of_figure(fact), "unit": fact["unit"],
        "old": words.written(fact, fact["value"]), "url": preview.address_of(row, fact),
        "standing": row.corrections.filter(ref=ref, withdrawn_at=None).first(),
    }  # fmt: skip
    return render(request, "reports/correct.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    ref = request.POST.get("ref", "")
    return deed(request, row, lambda: services.withdraw(row, ref, by=request.actor), _("已撤销更正，恢复原数"))


@require_POST
def draft_anew(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    return deed(request, row, lambda: services.draft_anew(row, by=request.actor), _("已按现在的数据和模板重新起草"))


@require_POST
def issue(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    return deed(request, row, lambda: services.issue(row, by=request.actor), _("已签发，内容和数据固定"))


@require_safe
def word(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    return attached(preview.compose(row).word(), f"{row.title}.docx", WORD)


@require_safe
def as_pdf(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    return attached(pdf.made(row, preview.compose(row)), f"{row.title}.pdf", "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def as_word_pdf(request: ActorRequest, pk: int) -> HttpResponse:
    """Posted to, it is made in the background; the page that waits for it gets how far it is."""
    row = access.report_for(request.actor, pk)
    if request.method == "POST":
        return deed(request, row, lambda: word_pdf.ask(row), _("正在按 Word 版式生成 PDF，通常要几秒到一分钟"))
    if not wants_partial(request):
        return redirect(row)
    context = {"report": row, "word_pdf": word_pdf.of(row), "has_libreoffice": bool(libreoffice.program())}
    return render(request, "reports/_word_pdf.html", context)


@require_safe
def word_pdf_file(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.actor, pk)
    return attached(word_pdf.content_of(row), _("%s（Word 版式）.pdf") % row.title, "application/pdf")
