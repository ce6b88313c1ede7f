from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from chengyun.intake.hotline.reading.columns import LABELS, REQUIRED
from chengyun.intake.hotline.services.importing import DEFAULT_FEED


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx、csv 或 csv.gz；编码、分隔符和表头自动识别，导入前可以核对"),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.gz,.txt"}),
        error_messages={"empty": _("文件是空的")},
    )
    feed = forms.RegexField(
        r"^[^/]+$",
        label=_("来源名称"),
        initial=DEFAULT_FEED,
        max_length=30,
        help_text=_("同一来源里工单编号不重复；再次导入时请用同一名称，已有工单不会重复"),
        error_messages={"invalid": _("来源名称不能含“/”")},
    )


class ColumnsForm(forms.Form):
    """One choice per field among the file's own columns."""

    def __init__(self, header: Sequence[str], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        columns = [(name, name) for name in header]
        for name, label in LABELS.items():
            required = name in REQUIRED
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=required,
                choices=[("", _("请选择") if required else _("（没有）")), *columns],
                error_messages={"required": _("请指明这一列"), "invalid_choice": _("文件里没有这一列")},
            )

    @property
    def told(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in LABELS}
