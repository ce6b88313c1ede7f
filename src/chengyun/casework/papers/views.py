"""A case on paper: the print view, the 交办单 as Word, and its template."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengyun.casework.cases.page import case_page
from chengyun.casework.cases.queries import case_for
from chengyun.casework.papers import orders, services
from chengyun.casework.papers.models import OrderTemplate
from chengyun.core.digits import whole
from chengyun.core.errors import NotFound
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


@require_safe
def template_file(request: ActorRequest) -> HttpResponse:
    """The template in use; with `version` another upload by its number, or the one that comes with the product."""
    services.check_keeper(request.actor)
    version = request.GET.get("version", "")
    if not version:
        return _word(orders.template_now(), _("交办单模板.docx"))
    if version == "shipped":
        return _word(orders.SHIPPED.read_bytes(), _("交办单模板.docx"))
    row = OrderTemplate.objects.exclude(name="").filter(pk=whole(version) or 0).first()
    if row is None:
        raise NotFound(_("没有这个版本的模板"))
    return _word(bytes(row.content), row.name)
