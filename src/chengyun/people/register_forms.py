"""Forms of the register pages. They read input; what is allowed is decided by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengyun.core import instants
from chengyun.core.dated import DatedQuerySet
from chengyun.people.models import Appointment, Department, DutyShift, Post, User
from chengyun.people.roles import Role


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class DepartmentForm(forms.ModelForm):  # type: ignore[type-arg]  # the class takes no argument at run time
    class Meta:
        model = Department
        fields = ("code", "name", "short_name", "kind", "parent", "region_code", "phone", "sort_order", "works_online")
        help_texts = {
            "code": _("建立后不能修改"),
            "region_code": _("乡镇街道 9 位，社区（村）12 位，中心 6 位；其他部门不填"),
            "works_online": _("不上线的部门，由中心代录办理过程"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = self.fields["parent"]
        assert isinstance(parents, forms.ModelChoiceField)
        parents.queryset = Department.objects.on(instants.today()).order_by("sort_order", "code")
        self.fields["short_name"].required = False
        if self.instance.pk:
            self.fields["code"].disabled = True

    def clean_short_name(self) -> str:
        return str(self.cleaned_data["short_name"] or self.cleaned_data.get("name", "")[:30])


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    class Meta:
        model = User
        fields = ("username", "name", "phone")


class PostForm(forms.Form):
    code = forms.CharField(label=_("岗位代码"), max_length=32, help_text=_("建立后不能修改"))
    name = forms.CharField(label=_("岗位名称"), max_length=50)
    department = forms.ModelChoiceField(label=_("部门"), queryset=Department.objects.none())
    roles = forms.MultipleChoiceField(
        label=_("角色"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("三员（系统、安全、审计管理员）各设一岗，不与业务角色合并"),
    )

    def __init__(self, *args: Any, post: Post | None = None, **kwargs: Any) -> None:
        if post:
            known = {"code": post.code, "name": post.name, "department": post.department_id, "roles": post.roles}
            kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        departments = self.fields["department"]
        assert isinstance(departments, forms.ModelChoiceField)
        departments.queryset = Department.objects.on(instants.today()).order_by("sort_order", "code")
        if post:
            departments.queryset = Department.objects.filter(pk=post.department_id)
            self.fields["code"].disabled = departments.disabled = True


class _PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # the class takes no argument at run time
    def label_from_instance(self, obj: Post) -> str:
        return f"{obj.department.short_name} · {obj.name}"


class AppointForm(forms.Form):
    post = _PostChoice(label=_("岗位"), queryset=Post.objects.none())
    valid_from = day_field(_("开始日期"), required=True)
    valid_to = day_field(_("截止日期"), help_text=_("代岗须写明截止日期"))
    deputy_for = forms.CharField(
        label=_("代谁履职"), max_length=64, required=False, help_text=_("代岗时填被代岗人的登录名")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = self.fields["post"]
        assert isinstance(posts, forms.ModelChoiceField)
        posts.queryset = _posts_today()
        self.fields["valid_from"].initial = instants.today()

    def clean_deputy_for(self) -> User | None:
        username = self.cleaned_data["deputy_for"].strip()
        absent = User.objects.filter(username=username).first() if username else None
        if username and absent is None:
            raise forms.ValidationError(_("没有这个登录名，请核对。"))
        return absent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("deputy_for") and not cleaned.get("valid_to"):
            self.add_error("valid_to", _("代岗须写明截止日期。"))
        return cleaned


class _HolderChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    def label_from_instance(self, obj: Appointment) -> str:
        return f"{obj.user.name} · {obj.post.name}"


class ShiftForm(forms.Form):
    day = day_field(_("日期"), required=True)
    name = forms.ChoiceField(label=_("班次"), choices=DutyShift.Name.choices)
    holder = _HolderChoice(label=_("值班人"), queryset=Appointment.objects.none())
    hours = forms.CharField(
        label=_("时间"), max_length=11, required=False, help_text=_("如 08:00-16:00；不填用本县的班次时间")
    )
    phone = forms.CharField(
        label=_("值班电话"), max_length=30, required=False, help_text=_("班上接听的号码；不填用本人手机")
    )
    call_order = forms.IntegerField(
        label=_("呼叫顺序"), min_value=1, max_value=99, required=False, help_text=_("紧急案件先打给谁；不填按岗位")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = self.fields["holder"]
        assert isinstance(holders, forms.ModelChoiceField)
        holders.queryset = _centre_holders()


def _posts_today() -> DatedQuerySet:
    today = instants.today()
    departments = Department.objects.on(today)
    posts = Post.objects.on(today).filter(department__in=departments).select_related("department")
    return posts.order_by("department__sort_order", "department__code", "code")


def _centre_holders() -> DatedQuerySet:
    held = Appointment.objects.on(instants.today()).filter(post__department__kind=Department.Kind.CENTRE)
    return held.filter(user__is_active=True).select_related("user", "post").order_by("user__username", "id")
