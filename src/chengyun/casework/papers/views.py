"""A case on paper: the print view, the 交办单 as Word, and its template."""

from __future__ import annotations

from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from chengyun.casework.cases.forms import add_fault
from chengyun.casework.cases.page import case_page
from chengyun.casework.cases.queries import case_for
from chengyun.casework.papers import orders, services, uploads
from chengyun.casework.papers.models import OrderTemplate
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.people.middleware import ActorRequest

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def printed(request: ActorRequest, number: str) -> HttpResponse:
    """The case on A4; personal data as the reader's role sees them."""
    case = case_for(request.actor, number)
    context = {"case": case, "page": case_page(case, request.actor), "at": now(), "by": request.actor}
    return render(request, "papers/print.html", context)


@require_safe
def order(request: ActorRequest, number: str) -> HttpResponse:
    case = case_for(request.actor, number)
    content = orders.dispatch_orders([case], by=request.actor)
    return _word(content, _("交办单 %s.docx") % case.number)


def _word(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=WORD)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


class TemplateForm(forms.Form):
    template = forms.FileField(
        label=gettext_lazy("Word 模板（.docx）"), widget=forms.FileInput(attrs={"accept": ".docx"})
    )


@require_http_methods(["GET", "POST"])
def template(request: ActorRequest) -> HttpResponse:
    services.check_keeper(request.actor)
    form = TemplateForm()
    if request.method == "POST":
        form = TemplateForm(request.POST, request.FILES)
        if _replaced(request, form):
            return redirect("papers:template")
    newest = OrderTemplate.objects.defer("content").order_by("-id").first()
    context = {"form": form, "newest": newest, "names": list(orders.sample())}
    return render(request, "papers/template.html", context, status=422 if form.errors else 200)


def _replaced(request: ActorRequest, form: TemplateForm) -> bool:
    if "shipped" in request.POST:
        services.back_to_shipped(by=request.actor)
        messages.success(request, _("已恢复自带的模板。"))
        return True
    if not form.is_valid():
        return False
    upload = form.cleaned_data["template"]
    try:
        services.replace_template(upload.name, upload.read(uploads.LARGEST + 1), by=request.actor)
    except UserError as error:
        add_fault(form, error)
        return False
    messages.success(request, _("模板已更换，以后的交办单按它生成。"))
    return True


@require_safe
def template_file(request: ActorRequest) -> HttpResponse:
    services.check_keeper(request.actor)
    return _word(orders.template_now(), _("交办单模板.docx"))
