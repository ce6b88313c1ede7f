"""Every part of the looks on one page, for whoever changes them; only with CHENGYUN_DEBUG=1."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

CHART = {
    "labels": ["周一", "周二", "周三", "周四", "周五"],
    "series": [{"name": "立案", "values": [12, 18, 9, 22, 17]}, {"name": "结案", "values": [10, 15, 12, 19, 18]}],
}
CLOCKS = [("green", Decimal("3.34")), ("yellow", Decimal("0.4")), ("red", Decimal("-26")), ("grey", Decimal("8"))]


class SampleForm(forms.Form):
    place = forms.CharField(label=_("地点"), help_text=_("写到门牌或最近的路口"))
    hours = forms.IntegerField(
        label=_("处置时限"), min_value=1, help_text=_("大于 0 的整数"), widget=forms.NumberInput({"data-unit": "时"})
    )
    source = forms.ChoiceField(label=_("来源"), choices=[("collector", _("采集员")), ("hotline", _("热线"))])
    urgent = forms.BooleanField(label=_("影响安全，需立即处置"), required=False)
    words = forms.CharField(label=_("情况"), widget=forms.Textarea({"rows": 3}), required=False)


def style_page(request: HttpRequest) -> HttpResponse:
    faulty = SampleForm({"hours": "0"})
    return render(request, "web/style.html", {"form": faulty, "chart": CHART, "clocks": CLOCKS})


style_page = login_not_required(style_page)
