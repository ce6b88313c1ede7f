from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.assets.models import Accuracy, Component, Origin, State
from chengyun.assets.queries import MOVES, part_classes
from chengyun.core import instants

T = gettext_lazy
# What becomes of a component that goes out of service.
ENDS = (State.REMOVED, State.ABANDONED, State.LOST)
PARTIES = ("manager", "owner", "maintainer")


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


def _blank_first(choices: Any) -> list[tuple[str, Any]]:
    return [("", T("不详")), *choices]


class ComponentForm(forms.Form):
    """The attributes a person may give; what follows from the place is not asked."""

    name = forms.CharField(label=T("名称"), max_length=30, required=False, help_text=T("不填则用小类名称"))
    state = forms.ChoiceField(label=T("状态"), choices=State.choices, initial=State.INTACT)
    manager_name = forms.CharField(label=T("主管部门"), max_length=100)
    manager_code = forms.CharField(label=T("主管部门代码"), max_length=18, required=False)
    owner_name = forms.CharField(label=T("权属单位"), max_length=100, required=False)
    owner_code = forms.CharField(label=T("权属单位代码"), max_length=18, required=False)
    maintainer_name = forms.CharField(label=T("养护单位"), max_length=100, required=False)
    maintainer_code = forms.CharField(label=T("养护单位代码"), max_length=18, required=False)
    road = forms.CharField(label=T("所在道路"), max_length=100, required=False)
    initial_date = _day(T("初始日期"), required=True)
    changed_date = _day(T("变更日期"))
    source = forms.ChoiceField(label=T("数据来源"), choices=_blank_first(Origin.choices), required=False)
    accuracy = forms.ChoiceField(label=T("精度等级"), choices=_blank_first(Accuracy.choices), required=False)
    note = forms.CharField(label=T("备注"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    location = forms.CharField(
        label=T("位置"), max_length=60, widget=forms.TextInput(attrs={"data-place": ""}),
        help_text=T("在地图上点选；单元网格和辖区自动带出"),
    )  # fmt: skip

    def clean_location(self) -> tuple[float, float]:
        try:
            lon, lat = (float(part) for part in self.cleaned_data["location"].replace("，", ",").split(","))
        except ValueError:
            raise forms.ValidationError(_("位置应为“经度,纬度”，如 117.1,37.3；请在地图上点选")) from None
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise forms.ValidationError(_("经度须在 -180 到 180 之间，纬度须在 -90 到 90 之间"))
        return lon, lat

    def clean(self) -> dict[str, Any]:
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and "\x00" in value:
                self.add_error(name, _("内容含有不可见字符；请重新输入"))
        return self.cleaned_data


class NewComponentForm(ComponentForm):
    class_code = forms.ChoiceField(label=T("小类"))
    identifier = forms.CharField(
        label=T("标识码"), max_length=17, required=False, help_text=T("不填则用本小类的下一个号")
    )
    field_order = ("class_code", "identifier")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["class_code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("请选择")), *class_choices()]
        choice.error_messages["invalid_choice"] = _("小类不在部件目录中，请重新选择")


def class_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped by major class."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, minor in part_classes().items():
        groups.setdefault(f"{minor.code[:2]} {minor.major.name}", []).append((code, f"{code} {minor.name}"))
    return list(groups.items())


def known_values(component: Component) -> dict[str, Any]:
    """What the form begins with for a component that is there."""
    names = ("name", "state", "road", "initial_date", "changed_date", "source", "accuracy", "note")
    values = {name: getattr(component, name) for name in names}
    for party in PARTIES:
        unit = getattr(component, party)
        values[f"{party}_name"], values[f"{party}_code"] = (unit.name, unit.code) if unit else ("", "")
    return values | {"location": f"{component.lon},{component.lat}"}


class BulkForm(forms.Form):
    """What chosen components are to have from now on; a blank leaves each as it is."""

    state = forms.ChoiceField(label=T("状态"), choices=[("", T("不改")), *State.choices], required=False)
    manager_name = forms.CharField(label=T("主管部门"), max_length=100, required=False)
    maintainer_name = forms.CharField(label=T("养护单位"), max_length=100, required=False)
    road = forms.CharField(label=T("所在道路"), max_length=100, required=False)


class RetireForm(forms.Form):
    state = forms.ChoiceField(
        label=T("停用后的状态"), choices=[(each.value, each.label) for each in ENDS],
        widget=forms.RadioSelect, initial=State.REMOVED,
    )  # fmt: skip
    day = _day(T("最后有效日"), required=True)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > instants.today():
            raise forms.ValidationError(_("最后有效日不能晚于今天"))
        return day


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=T("照片"), widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=T("文件"), help_text=T("xlsx、csv 或 geojson，不超过 5 MB，坐标为 WGS-84 或 CGCS2000 经纬度")
    )


class ListFilter(forms.Form):
    """The filters of the list; all of them stand in the address."""

    q = forms.CharField(required=False, max_length=100)
    minor = forms.RegexField(r"^\d{5}$", required=False)
    state = forms.ChoiceField(required=False, choices=[("", ""), *State.choices])
    township = forms.RegexField(r"^\d{9}$", required=False)
    department = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    retired = forms.BooleanField(required=False)
    # From reports: a major class, a part of the county's places, and what became of components within some days.
    major = forms.RegexField(r"^\d{2}$", required=False)
    region = forms.RegexField(r"^\d{2,9}$", required=False)
    moved = forms.CharField(required=False, max_length=40)

    def clean_moved(self) -> str:
        move, *days = str(self.cleaned_data["moved"]).split(":")
        try:
            read = [dt.date.fromisoformat(day).isoformat() for day in days]
        except ValueError:
            return ""
        return ":".join([move, *read]) if move in MOVES and len(read) == 2 else ""
