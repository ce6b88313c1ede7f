"""Taking one's last step back, from the line that stands under the page for a minute."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chengyun.casework.cases.queries import case_for, visible_to
from chengyun.casework.cases.services.steps import take_step
from chengyun.core.errors import Conflict
from chengyun.people.middleware import ActorRequest


@require_POST
def undo(request: ActorRequest, number: str) -> HttpResponse:
    case = case_for(request.actor, number)
    if request.POST.get("version") != str(case.version):
        raise Conflict(_("案件已有新的办理，不能撤销"))
    take_step(case.pk, "undo", by=request.actor, version=case.version)
    messages.success(request, _("已撤销，案件回到上一步：%s") % number)
    still = visible_to(request.actor).filter(pk=case.pk).exists()
    return redirect(case) if still else redirect("cases:queue")
