"""Many rows at once: choose them in the list, what is to be done here; look; apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers import access, bulk
from chengyun.people.registers.declaration import Register


@require_http_methods(["GET", "HEAD", "POST"])
def change_many(request: ActorRequest, key: str) -> HttpResponse:
    register, wishes = _wishes(request, key)
    asked = request.POST if request.method == "POST" else request.GET
    ids = asked.getlist("ids")
    rows = bulk.chosen_rows(register, ids)
    wish = _chosen(wishes, asked.get("field", wishes[0].key))
    form = wish.form(rows, request.POST if request.method == "POST" else None)
    shown, fault = None, ""
    if request.method == "POST":
        try:
            values = wish.values(form)
            if request.POST.get("do") == "apply":
                changed = bulk.apply(register, wish, ids, values, by=request.actor, seen=request.POST.get("seen", ""))
                return _done(request, register, changed)
            shown = bulk.preview(register, wish, rows, values)
        except Conflict as error:
            fault, shown = str(error), bulk.preview(register, wish, rows, values)
        except NotAllowed:
            raise
        except UserError as error:
            fault = str(error)
    context = {
        "register": register,
        "rows": rows,
        "wish": wish,
        "wishes": wishes,
        "form": form,
        "sent": _sent(request, form) if shown else [],
        "preview": shown,
        "fault": fault,
    }
    return render(request, "registers/bulk.html", context, status=409 if fault and shown else 422 if fault else 200)


def may_change_many(register: Register, actor: Actor) -> bool:
    return bool(bulk.wishes(register, actor))


def _wishes(request: ActorRequest, key: str) -> tuple[Register, list[bulk.Wish]]:
    register = access.reading(request.actor, key)
    if not register.may_many:
        raise NotFound(_("这本台账不支持批量修改。"))
    found = bulk.wishes(register, request.actor)
    if not found:
        raise access.refused(register.changing)
    return register, found


def _chosen(wishes: Sequence[bulk.Wish], key: str) -> bulk.Wish:
    found = next((each for each in wishes if each.key == key), None)
    if found is None:
        raise NotFound(_("这一项不能批量修改。"))
    return found


def _sent(request: ActorRequest, form: BaseForm) -> list[tuple[str, Any]]:
    return [(name, each) for name in form.fields for each in request.POST.getlist(name)]


def _done(request: ActorRequest, register: Register, changed: int) -> HttpResponse:
    told = ngettext("已修改 %(n)d 行。", "已修改 %(n)d 行。", changed)
    messages.success(request, told % {"n": changed})
    return redirect(register.url)
