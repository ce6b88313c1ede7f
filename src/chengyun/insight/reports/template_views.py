"""The Word templates: which holds, download, change in Word, upload; back to the delivered one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chengyun.core.errors import NotFound
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.indicator import indicators
from chengyun.insight.reports import access, forms, vocabulary, word_templates
from chengyun.insight.reports.models import Kind, ReportTemplate
from chengyun.insight.reports.periods import WORDS
from chengyun.insight.reports.views import WORD, attached
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import tried


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: ActorRequest, kind: str) -> HttpResponse:
    access.check_writes(request.actor)
    _check_kind(kind)
    form = forms.TemplateForm()
    if request.method == "POST":
        form = forms.TemplateForm(request.POST, request.FILES)
        if _replaced(request, kind, form):
            return redirect("reports:template", kind)
    versions = word_templates.versions(kind)
    context = {
        "form": form, "kind": kind, "kinds": Kind.choices, "title": Kind(kind).label, "versions": versions,
        "own": bool(versions and versions[0].name), "indicators": indicators(), "dimensions": DIMENSIONS.values(),
        "periods": [(word, title) for word, (title, _of) in WORDS.items()], "facts": vocabulary.FACTS,
    }  # fmt: skip
    return render(request, "reports/template.html", context, status=422 if form.errors else 200)


def _replaced(request: ActorRequest, kind: str, form: forms.TemplateForm) -> bool:
    if "delivered" in request.POST:
        word_templates.back_to_delivered(kind, by=request.actor)
        messages.success(request, _("已恢复系统自带的模板"))
        return True
    if not form.is_valid():
        return False
    upload = form.cleaned_data["template"]
    content = upload.read(word_templates.MOST_READ)
    if tried(form, lambda: word_templates.replace(kind, upload.name, content, by=request.actor)) is None:
        return False
    messages.success(request, _("模板已更换，下一份报表起按它起草"))
    return True


@require_safe
def template_file(request: ActorRequest, kind: str) -> HttpResponse:
    """The template that holds, or with `version` an earlier one."""
    access.check_writes(request.actor)
    _check_kind(kind)
    version = request.GET.get("version", "")
    if not version:
        return attached(word_templates.current(kind), f"{Kind(kind).label}.docx", WORD)
    pk = int(version) if version.isascii() and version.isdigit() and len(version) < 19 else 0
    row = ReportTemplate.objects.filter(pk=pk, kind=kind).first()
    if row is None or not row.content:
        raise NotFound(_("没有这个版本的模板"))
    return attached(bytes(row.content), row.name, WORD)


def _check_kind(kind: str) -> None:
    if kind not in Kind.values:
        raise NotFound(_("没有这种报表"))
