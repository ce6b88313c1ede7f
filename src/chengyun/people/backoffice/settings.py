"""Every declared setting on one page, and each with its history and what subtrees have of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from chengyun.core import configuration, instants
from chengyun.core.declarations import SettingDeclaration, Text
from chengyun.core.errors import NotFound, UserError
from chengyun.core.models import Record, Setting
from chengyun.people.backoffice.who import ADMINS, INSTALLATION, ORGANISERS
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import Department
from chengyun.people.registers import access
from chengyun.people.registers.declaration import Page
from chengyun.people.registers.views.parts import posted, tabs, tried
from chengyun.ui.shaped import DO, ShapedField

SETTINGS = Page(
    key="settings",
    title=gettext_lazy("参数"),
    group=INSTALLATION,
    url_name="people:settings",
    readers=ADMINS,
    order=960,
    icon="adjustments",
)


@dataclass(frozen=True)
class Line:
    declaration: SettingDeclaration
    value: str
    is_default: bool
    own: int  # how many subtrees have a value of their own

    @property
    def url(self) -> str:
        return reverse("people:setting", args=[self.declaration.key])


class SettingForm(forms.Form):
    """One value in its declared shape, for the county or for a part of it."""

    region_code = forms.ChoiceField(
        label=gettext_lazy("范围"), required=False, help_text=gettext_lazy("下级区域可以有自己的值，没有就用上级的")
    )

    def __init__(self, declaration: SettingDeclaration, data: Any, region_code: str = "") -> None:
        self.declaration = declaration
        super().__init__(data, initial={"region_code": region_code, "value": self._standing(region_code)})
        region = self.fields["region_code"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = places()
        self.fields["value"] = _field(declaration)

    def _standing(self, region_code: str) -> Any:
        return self.declaration.form.draft(configuration.value(self.declaration.key, region_code))

    def redrawn(self) -> SettingForm:
        """As it was sent, a row more or less: nothing is checked, nothing is saved."""
        form = SettingForm(self.declaration, None)
        form.initial = {name: self[name].value() for name in self.fields}
        form.fields["value"] = self.fields["value"]
        return form


def _field(declaration: SettingDeclaration) -> ShapedField:
    rules = [str(rule) for rule in (declaration.help, declaration.form.rule()) if rule]
    field = ShapedField(
        declaration.form,
        may_be_blank=declaration.default is None,
        label=declaration.title,
        help_text=" ".join(rules),
    )
    if declaration.unit:
        field.widget.attrs["data-unit"] = str(declaration.unit)
    return field


def places() -> list[tuple[str, Text]]:
    """The county and the parts that somebody answers for."""
    rows = Department.objects.on(instants.today()).filter(kind=Department.Kind.TOWNSHIP).exclude(region_code="")
    return [("", _("全县")), *rows.order_by("region_code").values_list("region_code", "short_name")]


@require_safe
def show_all(request: ActorRequest) -> HttpResponse:
    if not SETTINGS.may_read(request.actor):
        raise access.refused(SETTINGS.readers)
    own = list(Setting.objects.values_list("key", "region_code"))
    groups: dict[str, list[Line]] = {}
    for key, declaration in configuration.declarations().items():
        regions = [region for found, region in own if found == key]
        line = Line(
            declaration, said(declaration, configuration.value(key)), "" not in regions, len([r for r in regions if r])
        )
        groups.setdefault(str(declaration.group or _("其他")), []).append(line)
    context = {"groups": groups, "tabs": tabs(SETTINGS, request.actor), "register": SETTINGS}
    return render(request, "people/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_one(request: ActorRequest, key: str) -> HttpResponse:
    declaration = configuration.declarations().get(key)
    if declaration is None:
        raise NotFound(_("没有这个参数，请从参数列表进入。"))
    needed = ORGANISERS if request.method == "POST" else ADMINS
    if not request.actor.has(*needed):
        raise access.refused(needed)
    form = SettingForm(declaration, posted(request), request.GET.get("region", "")[:12])
    if request.POST.get(DO):
        form = form.redrawn()
    elif request.POST.get("back"):
        return _taken_back(request, form)
    elif form.is_valid() and tried(form, lambda: _changed(form, request)):
        messages.success(request, _("已保存，立即生效。"))
        return redirect("people:setting", key)
    context = {
        "register": SETTINGS,
        "declaration": declaration,
        "form": form,
        "may_change": request.actor.has(*ORGANISERS),
        "default": said(declaration, declaration.default),
        "own": _own(declaration),
        "history": [(each, *_told(declaration, each)) for each in configuration.history(key)[:50]],
    }
    return render(request, "people/setting.html", context)


def _changed(form: SettingForm, request: ActorRequest) -> bool:
    try:
        region, value = form.cleaned_data["region_code"], form.cleaned_data["value"]
        configuration.change(form.declaration.key, value, region, by=request.actor)
    except UserError as error:
        raise UserError(str(error), field="value") from error
    return True


def _taken_back(request: ActorRequest, form: SettingForm) -> HttpResponse:
    region = request.POST.get("region_code", "")
    if region not in dict(places()):
        raise UserError(_("请从列表中选择范围。"), field="region_code")
    configuration.change(form.declaration.key, None, region, by=request.actor)
    messages.success(request, _("已恢复为上级的值。") if region else _("已恢复为默认值。"))
    return redirect("people:setting", form.declaration.key)


def _own(declaration: SettingDeclaration) -> list[tuple[str, str, str]]:
    names = {code: str(name) for code, name in places()}
    rows = Setting.objects.filter(key=declaration.key).order_by("region_code").values_list("region_code", "value")
    return [(code, names.get(code, code), said(declaration, value)) for code, value in rows]


def _told(declaration: SettingDeclaration, change: Record) -> tuple[str, str, str]:
    names = {code: str(name) for code, name in places()}
    region, before, after = (change.data.get(name) for name in ("region_code", "before", "after"))
    return names.get(region or "", region or ""), said(declaration, before), said(declaration, after)


def said(declaration: SettingDeclaration, value: Any) -> str:
    """A value in words; one of a shape that it had in former times as it stands."""
    if value is None or value == "" or value == []:
        return _("（空）")
    try:
        declaration.form.check(value)
    except UserError:
        return json.dumps(value, ensure_ascii=False)
    return declaration.form.told(value)
