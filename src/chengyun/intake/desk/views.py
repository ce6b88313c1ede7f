from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengyun.casework.cases.forms import add_fault
from chengyun.casework.cases.rights import MAY_REPORT
from chengyun.casework.worktop import drafts
from chengyun.core.errors import NotAllowed, UserError
from chengyun.intake.desk.forms import ReportForm
from chengyun.intake.desk.services import report_at_the_desk
from chengyun.people.middleware import ActorRequest
from chengyun.people.roles import Role


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    if not request.actor.has(*MAY_REPORT):
        raise NotAllowed(_("您的岗位不登记问题；需要时请找受理员"))
    if request.method == "GET":
        source = "collector" if request.actor.has(Role.COLLECTOR) else "public"
        return _show(request, ReportForm(initial={"key": secrets.token_hex(16), "source": source}))
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        submission = report_at_the_desk(form.cleaned_data, by=request.actor)
    except UserError as error:
        add_fault(form, error)
        return _show(request, form, status=422)
    drafts.drop(request.actor, "report")
    messages.success(request, _("已登记，案号 %s") % submission.case.number)
    return redirect(submission.case)


def _show(request: ActorRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "desk/new.html", {"form": form}, status=status)
