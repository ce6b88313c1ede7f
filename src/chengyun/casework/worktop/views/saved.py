"""Saving, ordering and removing views of the lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengyun.casework.worktop import saved
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest


@require_GET
def show(request: ActorRequest) -> HttpResponse:
    found = saved.views_of(request.actor)
    mine = [view for view in found if view.owner_id == request.actor.user_id]
    others = [view for view in found if view.owner_id != request.actor.user_id]
    return render(request, "worktop/views.html", {"mine": mine, "others": others})


@require_POST
def save(request: ActorRequest) -> HttpResponse:
    given = request.POST
    page = given.get("page", "")
    try:
        shared = given.get("shared") == "on"
        view = saved.save(request.actor, page, given.get("name", ""), given.get("query", ""), shared=shared)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse(saved.PAGES.get(page, 'cases:queue'))}?{given.get('query', '')}")
    return redirect(f"{reverse(saved.PAGES[view.page])}?{view.query}")


@require_POST
def change(request: ActorRequest, pk: int) -> HttpResponse:
    try:
        _change(request, pk)
    except UserError as error:
        if error.status != 400:
            raise
        messages.error(request, str(error))
    return redirect("worktop:views")


def _change(request: ActorRequest, pk: int) -> None:
    given = request.POST
    if "up" in given or "down" in given:
        saved.move(request.actor, pk, -1 if "up" in given else 1)
    elif "delete" in given:
        saved.delete(request.actor, pk)
        messages.success(request, _("视图已删除"))
    else:
        saved.change(request.actor, pk, name=given.get("name", ""), shared=given.get("shared") == "on")
        messages.success(request, _("视图已保存"))
