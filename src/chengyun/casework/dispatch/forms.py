"""Forms of the registers. They read input; what is allowed is decided by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chengyun.casework.dispatch.models import ControlArea, DecidedDispute, DutyRow
from chengyun.core import instants
from chengyun.people.models import Department
from chengyun.people.register_forms import day_field
from chengyun.regions.drawing import AreaField, text_of
from chengyun.regions.models import Level, Region
from chengyun.taxonomy.forms import minor_choices
from chengyun.taxonomy.models import MinorClass

DAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
WEEKDAYS = [(str(number), title) for number, title in enumerate(DAYS, 1)]
ANSWERING = (Level.TOWNSHIP, Level.COMMUNITY)


def region_choices() -> list[tuple[str, Any]]:
    """The whole county, then townships with their communities under them."""
    rows = Region.objects.filter(version__is_active=True, level__in=ANSWERING).order_by("code")
    indent = {Level.TOWNSHIP: "", Level.COMMUNITY: "\N{IDEOGRAPHIC SPACE}"}
    known = [
        (code, f"{indent[Level(level)]}{name or code}")
        for code, level, name in rows.values_list("code", "level", "name")
    ]
    return [("", _("全县")), *known]


def time_field(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, help_text=help_text)


def minutes_field(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


def ticked(label: Any, help_text: Any, **kwargs: Any) -> dict[str, Any]:
    """Several of many, none of them needed."""
    return {
        "label": label,
        "required": False,
        "widget": forms.CheckboxSelectMultiple,
        "help_text": help_text,
        **kwargs,
    }


class WeekdaysField(forms.MultipleChoiceField):
    """Ticked days as the digits that the tables keep: «12345»."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        return "".join(sorted(super().clean(value)))

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value


class _RegionField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("区域"), choices=region_choices, required=False, **kwargs)

    def valid_value(self, value: Any) -> bool:
        # A cell or an area of an older version may stand in a row that goes on.
        return super().valid_value(value) or bool(Region.objects.filter(code=value).exists())


class DutyForm(forms.Form):
    minor = forms.ModelChoiceField(label=_("小类"), queryset=MinorClass.objects.none(), help_text=_("建立后不能修改"))
    region_code = _RegionField(help_text=_("更小的区域优先于全县"))
    main_department = forms.ModelChoiceField(label=_("主办部门"), queryset=Department.objects.none())
    co_departments = forms.ModelMultipleChoiceField(
        label=_("协办部门"),
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不含主办部门"),
    )
    condition_number = forms.IntegerField(
        label=_("立案条件序号"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("只对这一条立案条件；不填则全部适用"),
    )
    from_time = time_field(_("起始时间"), _("只在一天的这段时间由它负责；跨零点也可以"))
    to_time = time_field(_("结束时间"))
    weekdays = WeekdaysField(label=_("星期"), help_text=_("不选则每天"))
    legal_basis = forms.CharField(
        label=_("法律依据"), max_length=300, required=False, help_text=_("写明条款；不清楚就不填")
    )
    auto_dispatch = forms.BooleanField(
        label=_("可自动派遣"), required=False, help_text=_("建议的可信度达到参数“自动派遣的可信度下限”时不经派遣员")
    )
    valid_from = day_field(_("自哪天起"), required=True, help_text=_("之前的照旧；改动从这一天起有效"))

    def __init__(self, data: Any, row: DutyRow | None = None) -> None:
        super().__init__(data, initial=_initial(row) if row else {"valid_from": instants.today()})
        _choose(self, "minor", minor_choices(row.minor if row else None))
        _choose(self, "main_department", departments(row.main_department_id if row else None))
        _choose(self, "co_departments", departments())
        self.fields["minor"].disabled = row is not None


class DisputeForm(forms.Form):
    minor = forms.ModelChoiceField(label=_("小类"), queryset=MinorClass.objects.none())
    region_code = _RegionField()
    department = forms.ModelChoiceField(label=_("负责部门"), queryset=Department.objects.none())
    reason = forms.CharField(
        label=_("裁定理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会显示在派遣建议里，最多 300 字"),
    )

    def __init__(self, data: Any, row: DecidedDispute | None = None) -> None:
        initial = {name: getattr(row, name) for name in ("minor", "region_code", "department", "reason")} if row else {}
        super().__init__(data, initial=initial)
        _choose(self, "minor", minor_choices(row.minor if row else None))
        _choose(self, "department", departments(row.department_id if row else None))


class ControlForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=100)
    reason = forms.CharField(label=_("管控原因"), max_length=300, help_text=_("写明批准的依据"))
    starts_at = minutes_field(_("开始"))
    ends_at = minutes_field(_("结束"))
    region_codes = forms.MultipleChoiceField(choices=lambda: region_choices()[1:], **ticked(_("区域"), _("不选则全县")))
    shape = AreaField(label=_("图上的区域"))
    minors = forms.ModelMultipleChoiceField(
        queryset=MinorClass.objects.none(), **ticked(_("小类"), _("不选则全部小类"))
    )
    from_time = time_field(_("每天从"))
    to_time = time_field(_("每天到"))
    weekdays = WeekdaysField(label=_("星期"), help_text=_("不选则每天"))

    is_draft = forms.BooleanField(
        label=_("先存为草稿"), required=False, help_text=_("草稿不影响采集上报；批准启用以后才管控")
    )

    def __init__(self, data: Any, row: ControlArea | None = None) -> None:
        names = ("name", "reason", "starts_at", "ends_at", "region_codes", "from_time", "to_time", "weekdays")
        initial = {name: getattr(row, name) for name in names} if row else {}
        more = {"minors": list(row.minors.all()), "shape": text_of(row.shape)} if row else {}
        super().__init__(data, initial={**initial, **more})
        _choose(self, "minors", minor_choices())
        if row is not None:
            # From then on it is approved, not unticked.
            del self.fields["is_draft"]


def departments(besides: int | None = None) -> Any:
    """Those of today, and the one that a known row names."""
    today = Department.objects.on(instants.today()).values("pk")
    return Department.objects.filter(Q(pk__in=today) | Q(pk=besides or 0)).order_by("sort_order", "code")


def _choose(form: forms.Form, name: str, rows: Any) -> None:
    column = form.fields[name]
    assert isinstance(column, forms.ModelChoiceField)
    column.queryset = rows


def _initial(row: DutyRow) -> dict[str, Any]:
    plain = (
        "minor",
        "region_code",
        "main_department",
        "from_time",
        "to_time",
        "weekdays",
        "legal_basis",
        "auto_dispatch",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "co_departments": list(row.co_departments.all()),
        "condition_number": row.condition.number if row.condition else None,
        "valid_from": max(instants.today(), row.valid_from),
    }
