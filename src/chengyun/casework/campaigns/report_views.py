"""The closing report: written over live figures, frozen at the end, printed and given as Word."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengyun.casework.campaigns import access, document, forms
from chengyun.casework.campaigns.models import Campaign
from chengyun.casework.campaigns.services import closing
from chengyun.casework.campaigns.views import deed, done
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import posted, tried

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "POST"])
def report(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    form = forms.ReportForm(posted(request), initial={name: getattr(row, name) for name in closing.TEXTS})
    if request.method == "POST":
        access.check_manages(request.actor)
        do = partial(closing.write_report, row, by=request.actor)
        if form.is_valid() and tried(form, lambda: bool(do(**form.cleaned_data))):
            return done(request, row, _("总结已保存。"))
    may_write = access.may_manage(request.actor) and row.state == Campaign.State.RUNNING
    context = {"campaign": row, "form": form, "figures": closing.figures(row), "may_write": may_write}
    return render(request, "campaigns/report.html", context, status=422 if form.errors else 200)


@require_POST
def close(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    return deed(request, row, lambda: closing.close(row, by=request.actor), _("行动已结束，数据已固定"))


@require_GET
def word(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.campaign_for(request.actor, pk)
    response = HttpResponse(document.word(row, closing.figures(row)), content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{row.number}.docx"'
    return response
