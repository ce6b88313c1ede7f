"""Forms of the region pages. They read input; what is allowed is decided by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengyun.core import instants
from chengyun.regions import systems

MAX_UPLOAD = 100_000_000


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("文件"),
        help_text=_(
            "Shapefile（.shp、.dbf、.prj 一起压缩为 .zip）、GeoJSON，"
            "或 Excel（列：代码、名称、层级、上级代码、区域类别、图形；图形写 WKT，不写则沿用现行边界）"
        ),
        widget=forms.FileInput({"accept": ".zip,.geojson,.json,.xlsx"}),
        error_messages={"empty": _("文件是空的")},
    )
    name = forms.CharField(label=_("版本名称"), max_length=100, help_text=_("如“2026 年网格调整”"))
    system = forms.ChoiceField(label=_("坐标系"), required=False, help_text=_("文件没有标记或标记有错时才需要选"))
    gaps = forms.BooleanField(
        label=_("下级应盖满上级"), required=False, initial=True, help_text=_("网格只划到建成区时不选")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["system"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = systems.choices()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(_("文件超过 100 MB，请只保留区划和网格图层。"))
        return file


class SwitchForm(forms.Form):
    from_day = forms.DateField(
        label=_("启用日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=instants.today
    )
