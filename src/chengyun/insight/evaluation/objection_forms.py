"""What is filled in for an objection and for its decision; the lengths are asked by `objections`, too."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as T

from chengyun.insight.evaluation.models import Objection
from chengyun.insight.evaluation.objections import LEAST_REASON, LEAST_WORDS, MOST_WORDS

DECISIONS = (Objection.State.UPHELD, Objection.State.REJECTED)


class ObjectionForm(forms.Form):
    words = forms.CharField(
        label=T("申诉内容"), min_length=LEAST_WORDS, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=T("写明哪些案件、哪里不符，10 至 500 字；不要写个人信息"),
    )  # fmt: skip


class DecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)
    state = forms.ChoiceField(
        label=T("结论"), choices=[(each.value, each.label) for each in DECISIONS], widget=forms.RadioSelect
    )  # fmt: skip
    reason = forms.CharField(
        label=T("裁定理由"), min_length=LEAST_REASON, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=T("申诉的部门或本人能看到，5 至 500 字"),
    )  # fmt: skip
