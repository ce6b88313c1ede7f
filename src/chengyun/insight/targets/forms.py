from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengyun.core.dated import DatedQuerySet
from chengyun.core.instants import today
from chengyun.insight.targets import services
from chengyun.insight.targets.models import Plan, PlanTarget
from chengyun.insight.targets.spans import EARLIEST, LATEST, spans_of
from chengyun.people.models import Department
from chengyun.regions.queries import townships

# What a target is about stays; another one is set beside it.
FIXED = ("plan", "indicator", "span", "department", "township_code")


def departments() -> DatedQuerySet:
    return Department.objects.on(today()).order_by("sort_order", "code")


def plans() -> DatedQuerySet:
    return Plan.objects.on(today()).order_by("-year", "pk")


class PlanForm(forms.Form):
    name = forms.CharField(label=_("计划名称"), max_length=60)
    year = forms.IntegerField(label=_("年份"), min_value=EARLIEST, max_value=LATEST)
    words = forms.CharField(
        label=_("说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip
    responsible = forms.ModelChoiceField(label=_("责任单位"), required=False, queryset=Department.objects.none())

    def __init__(self, data: Any, row: Plan | None = None) -> None:
        known = {name: getattr(row, name) for name in ("name", "year", "words", "responsible")} if row else {}
        super().__init__(data, initial={"year": today().year} | known)
        self.fields["responsible"].queryset = departments()  # type: ignore[attr-defined]


class TargetForm(forms.Form):
    plan = forms.ModelChoiceField(label=_("计划"), queryset=Plan.objects.none())
    indicator = forms.ChoiceField(label=_("指标"), help_text=_("越多越好的不低于目标值，越少越好的不高于目标值"))
    span = forms.ChoiceField(label=_("时段"))
    department = forms.ModelChoiceField(label=_("部门"), required=False, queryset=Department.objects.none())
    township_code = forms.ChoiceField(
        label=_("乡镇街道"), required=False, help_text=_("部门和乡镇街道都不选，就是全县的目标")
    )
    wanted = forms.DecimalField(
        label=_("目标值"), min_value=0, max_digits=12, decimal_places=2, help_text=_("按指标的单位；比率填 98 表示 98%")
    )
    tolerance = forms.DecimalField(
        label=_("容差"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=_("差在容差以内的为黄灯，不填则差一点也是红灯"),
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, data: Any, row: PlanTarget | None = None) -> None:
        names = ("plan", "indicator", "department", "township_code", "wanted", "tolerance", "note")
        known = {name: getattr(row, name) for name in names} | {"span": str(row.span)} if row else {}
        super().__init__(data, initial=known)
        self._offer("plan", Plan.objects.all() if row else plans())
        self._offer("department", Department.objects.all() if row else departments())
        years = [row.first.year] if row else sorted(set(plans().values_list("year", flat=True)), reverse=True)
        self._choose("span", [(str(span), span.title) for year in years for span in spans_of(year)])
        self._choose("indicator", [(row.indicator, row.indicator_title)] if row else services.choices())
        self._choose("township_code", [("", _("不选")), *townships()])
        for name in FIXED if row else ():
            self.fields[name].disabled = True

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
