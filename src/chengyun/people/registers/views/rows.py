"""List, row, new row, deeds on a row, retiring."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import models, transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengyun.core import instants
from chengyun.core.errors import NotFound, UserError
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers import access
from chengyun.people.registers.declaration import Action, Once, Panel, Register, open_to
from chengyun.people.registers.listing import page_of
from chengyun.people.registers.telling import told_history
from chengyun.people.registers.uses import refuse_if_used, uses_of
from chengyun.people.registers.views.many import may_change_many
from chengyun.people.registers.views.parts import filled_in, tabs, told_once, tried
from chengyun.people.registers.views.seen import SEEN, Overtaken, print_of, refuse_overtaken, tell_overtaken


@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """Every register this person may open, by group."""
    groups: dict[str, list[Any]] = {}
    for each in open_to(request.actor):
        groups.setdefault(str(each.group), []).append(each)
    return render(request, "registers/index.html", {"groups": groups})


@require_safe
def show_list(request: ActorRequest, key: str) -> HttpResponse:
    register = access.reading(request.actor, key)
    may_change = register.may_change(request.actor)
    context = {
        "register": register,
        "list": page_of(register, request.GET.dict()),
        "tabs": tabs(register, request.actor),
        "top": register.top[1]() if register.top else {},
        "may_create": may_change and register.create is not None,
        "may_bulk": may_change_many(register, request.actor),
        "may_import": may_change and register.book is not None,
    }
    return render(request, "registers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_row(request: ActorRequest, key: str) -> HttpResponse:
    register = access.changing(request.actor, key)
    if register.form is None or register.create is None:
        raise NotFound(_("这本台账不能手工新增。"))
    create = register.create
    form = filled_in(register.form, request, None)
    if form.is_valid() and (made := tried(form, lambda: create(by=request.actor, **form.cleaned_data))):
        row, once = made if isinstance(made, tuple) else (made, None)
        if isinstance(once, Once):
            return told_once(request, register, once)
        messages.success(request, _("已新增“%(name)s”。") % {"name": row})
        return redirect(register.row_url(row))
    return render(request, "registers/row.html", _context(request, register, form))


@require_http_methods(["GET", "HEAD", "POST"])
def show_row(request: ActorRequest, key: str, pk: int) -> HttpResponse:
    register = access.reading(request.actor, key)
    if register.form is None:
        raise NotFound(_("这本台账只有列表。"))
    if request.method == "POST":
        access.changing(request.actor, key)
    row = get_object_or_404(register.all_rows(), pk=pk)
    form = filled_in(register.form, request, row)
    may_save = request.method == "POST" and _is_open(register, row) and form.is_valid()
    if may_save and (changed := _changed(request, register, row, form)):
        messages.success(request, _("已保存。"))
        return redirect(register.row_url(changed))
    seen = tell_overtaken(register, row, form, request.POST.get(SEEN, "")) if request.method == "POST" else ""
    return render(request, "registers/row.html", _context(request, register, form, row, seen))


def _changed(request: ActorRequest, register: Register, row: Any, form: BaseForm) -> models.Model | None:
    change = register.change
    assert change is not None
    given = {name: value for name, value in form.cleaned_data.items() if not form.fields[name].disabled}

    @transaction.atomic
    def do() -> models.Model:
        if seen := request.POST.get(SEEN):
            refuse_overtaken(register, row, form.data, seen)
        changed: models.Model = change(row, by=request.actor, **given) or row
        return changed

    try:
        return tried(form, do)
    except Overtaken:
        return None


def _is_open(register: Register, row: Any) -> bool:
    """Whether the row can be changed at all: not what is over, nor what nobody changes by hand."""
    return register.change is not None and not register.is_over(row) and register.may_edit(row)


@require_POST
def act(request: ActorRequest, key: str, pk: int, action: str) -> HttpResponse:
    register = access.reading(request.actor, key)
    row = get_object_or_404(register.all_rows(), pk=pk)
    deed = next((each for each in register.actions if each.key == action), None)
    if deed is None or not deed.shown(row):
        raise NotFound(_("现在不能这样办理，请刷新页面。"))
    if not request.actor.for_county(*deed.roles):
        raise access.refused(deed.roles)
    form = filled_in(deed.form, request, row) if deed.form else None
    if form is not None and not form.is_valid():
        return _faulty(request, register, row, deed, form)
    try:
        answer = deed.do(row, by=request.actor, **(form.cleaned_data if form else {}))
    except UserError as error:
        return _refused(request, register, row, deed, form, error)
    if isinstance(answer, Once):
        return told_once(request, register, answer)
    messages.success(request, str(answer or _("已办理。")))
    return redirect(register.row_url(row) if register.form else register.url)


def _refused(
    request: ActorRequest, register: Register, row: Any, deed: Action, form: BaseForm | None, error: UserError
) -> HttpResponse:
    if form is None or deed.hidden or not deed.offered(row, request.actor):
        messages.error(request, str(error))
        return redirect(register.row_url(row) if register.form else register.url)
    form.add_error(error.field if error.field in form.fields else None, str(error))
    return _faulty(request, register, row, deed, form)


def _faulty(request: ActorRequest, register: Register, row: Any, deed: Action, form: BaseForm) -> HttpResponse:
    if register.form is None or deed.hidden:
        raise UserError(str(next(iter(form.errors.values()))[0]))
    context = _context(request, register, register.form(None, row), row)
    for panel in context["deeds"]:
        if panel["action"].key == deed.key:
            panel["form"] = form
    return render(request, "registers/row.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: ActorRequest, key: str, pk: int) -> HttpResponse:
    """First where it is used; then, with a last day, its end."""
    register = access.retiring(request.actor, key)
    row = get_object_or_404(register.all_rows(), pk=pk)
    if register.retire is None or register.is_over(row):
        raise NotFound(_("现在不能停用，请刷新页面。"))
    day, fault = instants.today(), ""
    if request.method == "POST":
        try:
            day = _day("" if register.retire_now else request.POST.get("last_day", ""))
            _retired(request, register, row, day)
            messages.success(request, _retired_words(register) % {"name": row, "day": day})
            return redirect(register.url)
        except UserError as error:
            fault = str(error)
    uses = uses_of(register.stands_for(row), day, register.model, request.actor)
    context = {"register": register, "row": row, "uses": uses, "panel": {"uses": uses}, "day": day, "fault": fault}
    return render(request, "registers/retire.html", context)


def _retired_words(register: Register) -> str:
    return _("“%(name)s”不再有效。") if register.retire_now else _("“%(name)s”在 %(day)s 之后不再有效。")


@transaction.atomic
def _retired(request: ActorRequest, register: Register, row: Any, day: dt.date) -> None:
    assert register.retire is not None
    refuse_if_used(register.stands_for(row), day, register.model)
    register.retire(row, by=request.actor, last_day=day)


def _day(text: str) -> dt.date:
    if not text:
        return instants.today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UserError(_("最后一天请写成 2026-01-31 的样式。"), field="last_day") from error


def _context(
    request: ActorRequest, register: Register, form: BaseForm, row: Any = None, seen: str = ""
) -> dict[str, Any]:
    actor = request.actor
    may_change = register.may_change(actor) and (row is None or _is_open(register, row))
    if not may_change:
        for column in form.fields.values():
            column.disabled = True
    deeds = _deeds(register, row, actor) if row else []
    return {
        "register": register,
        "row": row,
        "form": form,
        "may_change": may_change,
        "seen": {"name": SEEN, "print": seen or print_of(form)} if row and may_change else None,
        "may_retire": row is not None and _may_retire(register, row, actor),
        "buttons": [each for each in deeds if each.form is None],
        "deeds": [{"action": each, "form": each.form(None, row)} for each in deeds if each.form and not each.hidden],
        "panels": [_panel(each, row, request) for each in register.panels] if row else [],
        "history": told_history(register.same_thing(row), register.titles, register.words) if row else [],
        "today": instants.today(),
    }


def _deeds(register: Register, row: Any, actor: Actor) -> list[Action]:
    open_now = [each for each in register.actions if each.shown(row) and actor.for_county(*each.roles)]
    return [each for each in open_now if each.offered(row, actor)]


def _may_retire(register: Register, row: Any, actor: Actor) -> bool:
    """Not what ends already; that day is changed by ending it anew."""
    ends = register.is_over(row) or getattr(row, "valid_to", None) is not None
    return not ends and register.may_retire(actor) and register.may_retire_row(row, actor)


def _panel(panel: Panel, row: Any, request: ActorRequest) -> dict[str, Any]:
    return {"panel": panel, "context": panel.context(row, request.actor)}
