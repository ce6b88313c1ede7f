"""Changing the register: a new component, edited, chosen ones changed alike, photos, out of service and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengyun.assets import panels
from chengyun.assets.forms import (
    PARTIES,
    BulkForm,
    ComponentForm,
    NewComponentForm,
    PhotoForm,
    RetireForm,
    known_values,
)
from chengyun.assets.models import Component
from chengyun.assets.queries import component_for
from chengyun.assets.rights import check_keeper
from chengyun.assets.services import editing
from chengyun.assets.services.lookups import unit_for
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest

View = TypeVar("View", bound=Callable[..., HttpResponse])


def keepers(view: View) -> View:
    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_keeper(request.actor)
        return view(request, *args, **kwargs)

    return cast(View, guarded)


@require_http_methods(["GET", "POST"])
@keepers
def new(request: ActorRequest) -> HttpResponse:
    if request.method == "GET":
        initial = {"initial_date": instants.today(), "source": "surveyed", "location": request.GET.get("at", "")}
        return _form_page(request, NewComponentForm(initial=initial))
    form = NewComponentForm(request.POST)
    made = tried(form, lambda: editing.create_component(by=request.actor, **_given(form))) if form.is_valid() else None
    if made is None:
        return _form_page(request, form, status=422)
    messages.success(request, _("已登记部件 %s。") % made.identifier)
    return redirect(made)


@require_http_methods(["GET", "POST"])
@keepers
def edit(request: ActorRequest, identifier: str) -> HttpResponse:
    row = component_for(identifier)
    if request.method == "GET":
        return _form_page(request, ComponentForm(initial=known_values(row)), row)
    form = ComponentForm(request.POST)
    done = None
    if form.is_valid():
        done = tried(form, lambda: (editing.change_component(row, _given(form), by=request.actor),))
    if done is None:
        return _form_page(request, form, row, status=422)
    messages.success(request, _("已保存。") if done[0] else _("没有改动。"))
    return redirect(row)


def _form_page(request: ActorRequest, form: Any, row: Component | None = None, status: int = 200) -> HttpResponse:
    return render(request, "assets/form.html", {"form": form, "component": row}, status=status)


def _given(form: BaseForm) -> dict[str, Any]:
    """The form's values as the model's attributes; units by their words."""
    values = dict(form.cleaned_data)
    values["lon"], values["lat"] = values.pop("location")
    for party in PARTIES:
        name, code = values.pop(f"{party}_name"), values.pop(f"{party}_code")
        values[f"{party}_id"] = unit_for(code, name).pk if name else None
    return values


def tried(form: BaseForm, do: Callable[[], Any]) -> Any:
    """What the service gives; its refusal becomes the form's fault and None."""
    try:
        return do()
    except UserError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


@require_POST
@keepers
def bulk(request: ActorRequest) -> HttpResponse:
    form = BulkForm(request.POST)
    try:
        count = _change_many(request, form)
        messages.success(request, _("已修改 %d 个部件。") % count)
    except UserError as error:
        messages.error(request, str(error))
    back = request.POST.get("back", "")
    is_own = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_own else reverse("assets:list"))


def _change_many(request: ActorRequest, form: BulkForm) -> int:
    chosen = [text for text in request.POST.getlist("component") if text.isascii() and text.isdigit()]
    if not chosen:
        raise UserError(_("请先勾选要修改的部件。"))
    if not form.is_valid():
        raise UserError(_("修改的内容不能识别，请重新填写。"))
    fields = _bulk_fields(form.cleaned_data)
    if not fields:
        raise UserError(_("请填写要改成什么。"))
    return editing.change_many(list(Component.objects.filter(identifier__in=chosen)), fields, by=request.actor)


def _bulk_fields(given: dict[str, Any]) -> dict[str, Any]:
    fields = {name: given[name] for name in ("state", "road") if given[name]}
    for party in ("manager", "maintainer"):
        if given[f"{party}_name"]:
            fields[f"{party}_id"] = unit_for("", given[f"{party}_name"]).pk
    return fields | ({"changed_date": instants.today()} if fields else {})


@require_POST
@keepers
def photo(request: ActorRequest, identifier: str) -> HttpResponse:
    row, form = component_for(identifier), PhotoForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise UserError(_("请添加“照片”"), field="photo")
        editing.add_photos(row, [form.cleaned_data["photo"]], by=request.actor)
        messages.success(request, _("照片已添加。"))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(row)


@require_http_methods(["GET", "POST"])
@keepers
def retire(request: ActorRequest, identifier: str) -> HttpResponse:
    row = component_for(identifier)
    form = RetireForm(request.POST if request.method == "POST" else None, initial={"day": instants.today()})
    if form.is_valid():
        given = form.cleaned_data
        done = tried(form, lambda: editing.retire(row, given["state"], by=request.actor, day=given["day"]))
        if done:
            messages.success(request, _("部件 %s 已停用。") % row.identifier)
            return redirect(row)
    context = {"component": row, "form": form, "uses": panels.uses(request, row)}
    return render(request, "assets/retire.html", context, status=422 if form.is_bound else 200)


@require_POST
@keepers
def restore(request: ActorRequest, identifier: str) -> HttpResponse:
    row = component_for(identifier)
    editing.restore(row, by=request.actor)
    messages.success(request, _("部件 %s 已恢复使用。") % row.identifier)
    return redirect(row)
