from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengyun.casework.notes.services import LONGEST


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files under one name, or none."""

    widget = FilesInput(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        each = super().clean
        return [each(upload, initial) for upload in data] if isinstance(data, list | tuple) else []


class NoteForm(forms.Form):
    """What the service checks itself is left to it, so that every door refuses in the same words."""

    text = forms.CharField(
        label=_("备注"), max_length=LONGEST, strip=True, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("写给同事，市民看不到；@姓名 通知同事")}),
    )  # fmt: skip
    attached = FilesField(label=_("附件"), required=False)
