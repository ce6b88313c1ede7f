from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.cases.forms import PhotosField
from chengyun.casework.cases.models import Source

T = gettext_lazy
# What the desk itself may write down; collectors, devices and imports have channels of their own.
DESK_SOURCES = (Source.PUBLIC, Source.HOTLINE, Source.COLLECTOR, Source.LEADER, Source.DEPARTMENT, Source.MEDIA,
                Source.SUPERIOR, Source.VIDEO, Source.DRONE)  # fmt: skip


class ReportForm(forms.Form):
    """A report typed at the desk. `key` makes a second click the same report."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    source = forms.ChoiceField(
        label=T("来源"), choices=[(source.value, source.label) for source in DESK_SOURCES],
    )  # fmt: skip
    title = forms.CharField(
        label=T("标题"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=T("一句话说清地点和问题，如“凤凰街 12 号垃圾堆积”"),
    )  # fmt: skip
    words = forms.CharField(label=T("问题描述"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    address = forms.CharField(label=T("地址"), max_length=200, required=False)
    reporter_name = forms.CharField(label=T("反映人"), max_length=50, required=False)
    reporter_phone = forms.CharField(
        label=T("联系电话"), max_length=30, required=False, help_text=T("仅供回复，按岗位脱敏显示")
    )
    is_urgent = forms.BooleanField(label=T("紧急：危及人身或交通安全"), required=False)
    photos = PhotosField(label=T("照片"), required=False, help_text=T("JPEG、PNG 或 WebP，每张不超过 20 MB"))
    component = forms.CharField(
        label=T("部件标识码"),
        required=False,
        max_length=20,
        help_text=T("井盖、路灯等部件的问题，从附近的部件中选一个"),
    )
    location = forms.CharField(
        label=T("位置"), required=False, max_length=60, widget=forms.TextInput(attrs={"data-place": ""}),
        help_text=T("在地图上点选；单元网格和辖区自动带出"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].error_messages["invalid_choice"] = _("“%s”的内容无法识别；请重新选择") % _("来源")

    def clean_location(self) -> tuple[float, float] | None:
        text = self.cleaned_data["location"].strip()
        if not text:
            return None
        try:
            lon, lat = (float(part) for part in text.split(","))
        except ValueError:
            raise forms.ValidationError(_("位置应为“经度,纬度”，如 117.1,37.3；请在地图上点选")) from None
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise forms.ValidationError(_("经度须在 -180 到 180 之间，纬度须在 -90 到 90 之间"))
        return lon, lat

    def clean(self) -> dict[str, Any]:
        for name in ("title", "words", "address", "reporter_name", "reporter_phone"):
            if "\x00" in self.cleaned_data.get(name, ""):
                self.add_error(name, _("内容含有不可见字符；请重新输入"))
        return self.cleaned_data
