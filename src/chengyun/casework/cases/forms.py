"""The form of a step, made from the table: one form field per field that the step can bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.cases.area import AreaField
from chengyun.casework.cases.fields import EVIDENCE, FIELDS, Field, FieldKind
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.near import NearField
from chengyun.casework.cases.rights import Offer
from chengyun.casework.dispatch.queries import Proposal
from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.people.models import Appointment, Department
from chengyun.people.roles import Role
from chengyun.taxonomy.queries import conditions_for, county_choices, limit_for
from chengyun.ui.templatetags.ui_tags import limit as limit_words

Choices = list[tuple[Any, Any]]


@dataclass(frozen=True)
class Around:
    """What a form's choices depend on."""

    case: Case
    offer: Offer
    proposal: Proposal | None = None


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several uploads under one name."""

    widget = MultipleFileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        each = super().clean
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads and self.required:
            raise forms.ValidationError(_("请添加“照片”"))
        return [each(upload, initial) for upload in uploads]


class StepForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, around: Around, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around = around
        self.fields["version"].initial = around.case.version
        step = around.offer.step
        for name in (*step.brings, *step.may_bring):
            self.fields[name] = _field(FIELDS[name], around, required=name in step.brings)
        if around.offer.by.on_behalf_of:
            self._ask_for_evidence(around.offer.by.on_behalf_of.name)

    def _ask_for_evidence(self, department: str) -> None:
        hint = _("%s不在线办理，由您代录") % department
        self.fields["evidence"] = forms.ChoiceField(label=_("依据"), choices=list(EVIDENCE.items()), help_text=hint)
        self.fields["evidence"].error_messages["invalid_choice"] = _("“%s”的内容无法识别；请重新选择") % _("依据")
        self.fields["evidence_note"] = forms.CharField(
            label=_("依据说明"), max_length=200, help_text=_("单据编号，或通话人和时间")
        )


def add_fault(form: forms.Form, error: UserError) -> None:
    """A refused upload is a fault of its photos; what belongs to no field stands above the form."""
    field = "photos" if error.field == "files" else error.field
    form.add_error(field if field in form.fields else None, str(error))


# --- one maker per kind of field ----------------------------------------------------------------------------------


def _field(field: Field, around: Around, *, required: bool) -> forms.Field:
    made = MAKERS[field.kind](field, around)
    made.label, made.required = str(field.title), required
    made.help_text = made.help_text or str(field.hint)
    made.error_messages["required"] = _("请填写“%s”") % field.title
    if isinstance(made, forms.ChoiceField):
        # Django's own sentence repeats what was sent, however long.
        made.error_messages["invalid_choice"] = _("“%s”的内容无法识别；请重新选择") % field.title
    return made


def _text(field: Field, around: Around) -> forms.Field:
    return forms.CharField(max_length=field.max_length, widget=forms.Textarea(attrs={"rows": 3}))


def _line(field: Field, around: Around) -> forms.Field:
    return forms.CharField(max_length=field.max_length)


def _finding(field: Field, around: Around) -> forms.Field:
    found: Choices = [("confirmed", _("情况属实")), ("not_found", _("现场未发现"))]
    return forms.ChoiceField(choices=found, widget=forms.RadioSelect)


def _class(field: Field, around: Around) -> forms.Field:
    made = forms.ChoiceField(choices=class_choices())
    made.initial = around.case.minor_class_id
    return made


def class_choices() -> Choices:
    """The county's catalogue of today, grouped by major class."""
    return [("", _("请选择")), *county_choices(today())]


def _condition(field: Field, around: Around) -> forms.Field:
    case = around.case
    found = conditions_for(case.minor_class, today()) if case.minor_class else []
    choices = [(each.pk, _condition_words(each, case.area_class)) for each in found]
    made = forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
    made.initial = choices[0][0] if len(choices) == 1 else None
    if not choices:
        made.help_text = _("该小类没有立案条件；请退回受理员改选小类，或由系统管理员补全目录")
    return made


def _condition_words(condition: Any, area_class: str) -> str:
    limit = limit_for(condition, area_class)
    return _("%(text)s（%(limit)s；结案：%(closing)s；%(origin)s）") % {
        "text": condition.text, "limit": limit_words(limit.amount, limit.unit), "closing": condition.closing,
        "origin": condition.origin_label,
    }  # fmt: skip


def _department(field: Field, around: Around) -> forms.Field:
    made = forms.ChoiceField(choices=[("", _("请选择")), *department_choices()])
    made.initial = around.proposal.main_department_id if around.proposal else None
    return made


def _departments(field: Field, around: Around) -> forms.Field:
    made = forms.MultipleChoiceField(choices=department_choices(), widget=forms.CheckboxSelectMultiple)
    made.initial = list(around.proposal.co_department_ids) if around.proposal else None
    return made


def department_choices() -> Choices:
    kinds = (Department.Kind.DEPARTMENT, Department.Kind.TOWNSHIP, Department.Kind.COMPANY)
    groups: dict[str, Choices] = {}
    for row in Department.objects.on(today()).filter(kind__in=kinds):
        groups.setdefault(str(row.get_kind_display()), []).append((row.pk, row.short_name))
    return list(groups.items())


def _user(field: Field, around: Around) -> forms.Field:
    collector = field is FIELDS["collector"]
    role = Role.COLLECTOR if collector else Role.HANDLER
    made = forms.ChoiceField(choices=[("", _("不指定")), *_people(role, around)])
    made.initial = around.case.grid_collector_id if collector else around.case.handler_id
    return made


def _people(role: Role, around: Around) -> Choices:
    held = Appointment.objects.on(today()).filter(user__is_active=True).select_related("user", "post")
    if role == Role.HANDLER:
        held = held.filter(post__department_id=around.case.main_department_id)
    return sorted({(row.user_id, row.user.name) for row in held if role in row.post.roles}, key=lambda each: each[1])


def _photos(field: Field, around: Around) -> forms.Field:
    return PhotosField()


def _moment(field: Field, around: Around) -> forms.Field:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("“%s”不是日期时间；请按 2026-11-22 14:05 填写") % field.title},
    )


def _case(field: Field, around: Around) -> forms.Field:
    return forms.CharField(max_length=24)


def _cases(field: Field, around: Around) -> forms.Field:
    return forms.CharField(max_length=400)


def _yes(field: Field, around: Around) -> forms.Field:
    made = forms.BooleanField()
    if field is FIELDS["closing_met"] and around.case.condition:
        made.help_text = around.case.condition.closing
    if field is FIELDS["is_urgent"]:
        made.initial = around.case.is_urgent
    return made


def _location(field: Field, around: Around) -> forms.Field:
    return forms.CharField(max_length=60, widget=forms.TextInput(attrs={"data-place": ""}))


Maker = Callable[[Field, Around], forms.Field]
MAKERS: Final[dict[FieldKind, Maker]] = {
    FieldKind.TEXT: _text,
    FieldKind.LINE: _line,
    FieldKind.FINDING: _finding,
    FieldKind.CLASS: _class,
    FieldKind.CONDITION: _condition,
    FieldKind.DEPARTMENT: _department,
    FieldKind.DEPARTMENTS: _departments,
    FieldKind.USER: _user,
    FieldKind.PHOTOS: _photos,
    FieldKind.MOMENT: _moment,
    FieldKind.CASE: _case,
    FieldKind.CASES: _cases,
    FieldKind.YES: _yes,
    FieldKind.LOCATION: _location,
}


# Days far outside have no instant in every zone.
DAYS: Final = (MinValueValidator(dt.date(1900, 1, 1)), MaxValueValidator(dt.date(2999, 12, 31)))


class ListFilter(forms.Form):
    """The filters of case lists; all of them stand in the address."""

    q = forms.CharField(required=False, max_length=100, label=gettext_lazy("查找"))
    stage = forms.CharField(required=False, max_length=12)
    lamp = forms.ChoiceField(required=False, choices=[("", ""), *((c, c) for c in ("green", "yellow", "red", "grey"))])
    source = forms.CharField(required=False, max_length=12)
    major = forms.CharField(required=False, max_length=4)
    minor = forms.CharField(required=False, max_length=8)
    township = forms.CharField(required=False, max_length=9)
    department = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    urgent = forms.BooleanField(required=False)
    open = forms.BooleanField(required=False)
    area = AreaField(required=False)
    near = NearField(required=False)
    since = forms.DateField(required=False, validators=DAYS)
    until = forms.DateField(required=False, validators=DAYS)
