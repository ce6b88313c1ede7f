"""What people fill in. What is allowed, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.campaigns.models import Campaign, Counting, Phase, Target
from chengyun.casework.cases.forms import PhotosField
from chengyun.core.instants import today
from chengyun.people.models import Department
from chengyun.people.register_forms import day_field
from chengyun.taxonomy.models import MinorClass
from chengyun.taxonomy.queries import county_catalogue

T = gettext_lazy


class _Short(forms.ModelChoiceField):  # type: ignore[type-arg]  # the class takes no argument at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


class CampaignForm(forms.Form):
    name = forms.CharField(label=T("名称"), max_length=60)
    goal = forms.CharField(label=T("工作目标"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    lead = _Short(label=T("牵头部门"), queryset=Department.objects.none())
    begins = day_field(T("开始日期"), required=True)
    ends = day_field(T("结束日期"), required=True)
    minor_classes = forms.MultipleChoiceField(
        label=T("涉及小类"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=T("起止期间上报的这些小类的案件自动归入本行动；不选则只能人工关联"),
    )
    township_codes = forms.MultipleChoiceField(
        label=T("涉及乡镇街道"), required=False, widget=forms.CheckboxSelectMultiple, help_text=T("不选为全县")
    )

    def __init__(self, *args: Any, campaign: Campaign | None = None, **kwargs: Any) -> None:
        if campaign:
            kwargs["initial"] = {
                name: getattr(campaign, name) for name in ("name", "goal", "lead", "begins", "ends", "township_codes")
            } | {"minor_classes": [str(pk) for pk in campaign.minor_classes.values_list("pk", flat=True)]}
        super().__init__(*args, **kwargs)
        standing = Department.objects.on(today()).order_by("sort_order", "code")
        lead = self.fields["lead"]
        assert isinstance(lead, forms.ModelChoiceField)
        lead.queryset = standing
        self._choose("minor_classes", [(str(row.minor_id), row.name) for row in county_catalogue(today())])
        townships = standing.filter(kind=Department.Kind.TOWNSHIP).exclude(region_code="")
        self._choose("township_codes", [(row.region_code, row.short_name) for row in townships])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def clean_minor_classes(self) -> list[MinorClass]:
        return list(MinorClass.objects.filter(pk__in=self.cleaned_data["minor_classes"]))


class PhaseForm(forms.Form):
    name = forms.CharField(label=T("阶段"), max_length=30)
    begins = day_field(T("开始日期"), required=True)
    ends = day_field(T("结束日期"), required=True)


class TargetForm(forms.Form):
    name = forms.CharField(label=T("指标"), max_length=40)
    unit = forms.CharField(label=T("单位"), max_length=10)
    counting = forms.ChoiceField(
        label=T("计数方式"), choices=Counting.choices, help_text=T("按案件计数时，完成量取责任单位名下已归集的案件")
    )


class TasksForm(forms.Form):
    """One amount per unit: the plan broken down at once."""

    target = forms.ModelChoiceField(label=T("指标"), queryset=Target.objects.none())
    phase = forms.ModelChoiceField(
        label=T("阶段"), queryset=Phase.objects.none(), required=False, help_text=T("不选则为整个行动期间")
    )
    ends = day_field(T("完成时限"), help_text=T("不填则为阶段或行动的结束日期"))
    note = forms.CharField(label=T("要求"), max_length=300, required=False)

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("target", campaign.targets.all()), ("phase", campaign.phases.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.departments = {
            f"amount_{row.pk}": row
            for row in Department.objects.on(today())
            .exclude(kind=Department.Kind.CENTRE)
            .order_by("sort_order", "code")
        }
        for name, row in self.departments.items():
            widget = forms.NumberInput(attrs={"min": 1, "placeholder": "—"})
            self.fields[name] = forms.IntegerField(
                label=row.short_name, required=False, min_value=1, max_value=1_000_000, widget=widget
            )

    @property
    def amount_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.departments]

    @property
    def plan_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.departments]

    def amounts(self) -> dict[Department, int]:
        given = {row: self.cleaned_data.get(name) for name, row in self.departments.items()}
        return {row: amount for row, amount in given.items() if amount}


class TaskForm(forms.Form):
    amount = forms.IntegerField(label=T("目标量"), min_value=1, max_value=1_000_000)
    ends = day_field(T("完成时限"), required=True)
    note = forms.CharField(label=T("要求"), max_length=300, required=False)


class EvidenceForm(forms.Form):
    day = day_field(T("日期"), required=True)
    amount = forms.IntegerField(label=T("完成量"), min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=T("情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=T("地点、做法、结果")
    )
    before = PhotosField(label=T("整治前照片"), required=False)
    after = PhotosField(label=T("整治后照片"), required=False)

    def __init__(self, *args: Any, counts_cases: bool = False, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = today()
        self.fields["amount"].widget.attrs["data-unit"] = unit
        if counts_cases:
            self.fields["amount"].initial = 0
            self.fields["amount"].help_text = _("本指标按案件自动计数，这里填 0")


class PromptForm(forms.Form):
    text = forms.CharField(label=T("督办内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    answer_by = day_field(T("回复时限"), required=True)


class ReturnForm(forms.Form):
    text = forms.CharField(label=T("退回原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ReportForm(forms.Form):
    results = forms.CharField(label=T("主要成效"), max_length=4000, required=False, widget=forms.Textarea)
    problems = forms.CharField(label=T("存在问题"), max_length=4000, required=False, widget=forms.Textarea)
    next_steps = forms.CharField(label=T("下步打算"), max_length=4000, required=False, widget=forms.Textarea)
