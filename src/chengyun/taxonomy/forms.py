"""Forms of the registers. They read input; what is allowed is decided by the services."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chengyun.core import instants
from chengyun.people.register_forms import day_field
from chengyun.taxonomy.models import CountyClass, FilingCondition, MinorClass
from chengyun.taxonomy.services.conditions import Limit
from chengyun.taxonomy.words import UNIT_WORDS, UNITS

SINCE = _("之前的照旧；改动从这一天起有效")


def minor_choices(besides: MinorClass | None = None) -> Any:
    """The classes of the county's catalogue of today, and the one that a known row names."""
    chosen = CountyClass.objects.on(instants.today()).values("minor")
    return MinorClass.objects.filter(Q(pk__in=chosen) | Q(pk=besides.pk if besides else 0)).order_by("kind", "code")


class _MinorChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # the class takes no argument at run time
    def label_from_instance(self, obj: MinorClass) -> str:
        return f"{obj.code} {obj} · {obj.standard.code}"


class ClassForm(forms.Form):
    minor = _MinorChoice(label=_("标准中的小类"), queryset=MinorClass.objects.none(), help_text=_("建立后不能修改"))
    name = forms.CharField(label=_("本县叫法"), max_length=50, required=False, help_text=_("不填则用标准的名称"))
    major_code = forms.RegexField(
        r"^\d{2}\Z",
        label=_("大类代码"),
        required=False,
        help_text=_("两位数字；不填则用标准的大类"),
        error_messages={"invalid": _("大类代码应为两位数字，请按文本填写，如“06”。")},
    )
    major_name = forms.CharField(label=_("大类名称"), max_length=50, required=False)
    valid_from = day_field(_("自哪天起"), required=True, help_text=SINCE)

    def __init__(self, data: Any, row: CountyClass | None = None) -> None:
        super().__init__(data, initial=_class_initial(row) if row else {"valid_from": instants.today()})
        column = self.fields["minor"]
        assert isinstance(column, forms.ModelChoiceField)
        column.queryset = MinorClass.objects.filter(pk=row.minor_id) if row else _not_chosen()
        column.disabled = row is not None


def _class_initial(row: CountyClass) -> dict[str, Any]:
    names = ("minor", "name", "major_code", "major_name")
    return {**{name: getattr(row, name) for name in names}, "valid_from": max(instants.today(), row.valid_from)}


def _not_chosen() -> Any:
    chosen = CountyClass.objects.on(instants.today()).values("minor")
    rows = MinorClass.objects.filter(Q(standard__in_force_to=None)).exclude(pk__in=chosen).exclude(name="")
    return rows.select_related("standard").order_by("kind", "code")


class ConditionForm(forms.Form):
    minor = forms.ModelChoiceField(label=_("小类"), queryset=MinorClass.objects.none(), help_text=_("建立后不能修改"))
    text = forms.CharField(label=_("立案条件"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    closing = forms.CharField(label=_("结案条件"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    limits = forms.CharField(
        label=_("处置时限"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "每行一个：先写默认的，如“2 工作时”；管理区域类别不同的另写一行，如“A类：1 工作时”。"
            "单位可用：紧急工作时、紧急工作日、工作时、工作日、法定工作日"
        ),
    )
    valid_from = day_field(_("自哪天起"), required=True, help_text=SINCE)

    def __init__(self, data: Any, row: FilingCondition | None = None) -> None:
        super().__init__(data, initial=_condition_initial(row) if row else {"valid_from": instants.today()})
        column = self.fields["minor"]
        assert isinstance(column, forms.ModelChoiceField)
        column.queryset = minor_choices(row.minor if row else None)
        column.disabled = row is not None

    def clean_limits(self) -> str:
        text: str = self.cleaned_data["limits"]
        limits_of(text)
        return text


def _condition_initial(row: FilingCondition) -> dict[str, Any]:
    initial = {"minor": row.minor, "text": row.text, "closing": row.closing, "limits": limits_text(row)}
    return {**initial, "valid_from": max(instants.today(), row.valid_from)}


def limits_text(row: FilingCondition) -> str:
    """«2 工作时», and a line per area class: «A类：1 工作时»."""
    lines = [
        f"{limit.area_class + '：' if limit.area_class else ''}{limit.amount.normalize():f} {UNIT_WORDS[limit.unit]}"
        for limit in row.limits.all()
    ]
    return "\n".join(sorted(lines, key=lambda line: "：" in line))


def limits_of(text: str) -> Mapping[str, Limit]:
    """The limits by area class, blank for the default; raises ValidationError with the line."""
    found: dict[str, Limit] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        area, _colon, rest = line.replace(":", "：").rpartition("：")
        amount, unit = _amount(rest, line)
        if area.strip() in found:
            raise forms.ValidationError(_("“%(line)s”与前面的行重复，请删去一行。") % {"line": line})
        found[area.strip()[:10]] = Limit(amount, unit)
    if "" not in found:
        raise forms.ValidationError(_("请先写一行默认时限，如“2 工作时”。"))
    return found


def _amount(rest: str, line: str) -> tuple[Decimal, str]:
    unit = next((word for word in sorted(UNITS, key=len, reverse=True) if rest.strip().endswith(word)), None)
    try:
        amount = Decimal(rest.strip().removesuffix(unit or "").strip())
    except InvalidOperation:
        amount = Decimal(0)
    if unit is None or not (amount.is_finite() and 0 < amount < 10_000 and amount == round(amount, 2)):
        raise forms.ValidationError(_("“%(line)s”应写成“2 工作时”的样式，数应大于 0、最多两位小数。") % {"line": line})
    return amount, UNITS[unit]
