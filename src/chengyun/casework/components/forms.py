from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ComponentForm(forms.Form):
    component = forms.CharField(
        label=_("部件标识码"), max_length=20, help_text=_("从列表或地图选择，也可以直接填 17 位标识码")
    )
