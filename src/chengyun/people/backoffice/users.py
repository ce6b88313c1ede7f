from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.core.who import Doer
from chengyun.people.access import Actor
from chengyun.people.backoffice.people_book import PeopleBook
from chengyun.people.backoffice.who import ADMINS, APPOINTERS, GUARDS, ORGANISATION, ORGANISERS
from chengyun.people.models import ApiAllowance, Appointment, DutyShift, User
from chengyun.people.register_forms import AppointForm, UserForm
from chengyun.people.registers.declaration import Action, Column, Filter, Once, Panel, Register, Rows, Usage
from chengyun.people.services.posts import appoint, deputise, end_appointment
from chengyun.people.services.separation import may_grant, may_manage
from chengyun.people.services.users import change_user, create_user, deactivate_user, reactivate_user, reset_password
from chengyun.people.signin.factors import has_second_factor, remove_factor
from chengyun.people.signin.lockouts import is_locked, unlock
from chengyun.people.tokens import holding

MOST_POSTS = 50


def _rows() -> Rows:
    held = Appointment.objects.on(instants.today()).select_related("post__department")
    rows = User.objects.annotate(is_locked=is_locked(), has_second_factor=has_second_factor())
    return rows.prefetch_related(Prefetch("appointments", held, "held_today"))


def _posts(row: User) -> str:
    held: list[Appointment] = row.held_today  # type: ignore[attr-defined]
    return "；".join(f"{each.post.department.short_name} · {each.post.name}" for each in held)


def _create(*, by: Doer, **values: Any) -> tuple[User, Once]:
    user, password = create_user(by=by, **values)
    return user, _told(user, password, by)


def _reset(row: User, *, by: Doer) -> Once:
    return _told(row, reset_password(row, by=by), by)


def _told(user: User, password: str, by: Doer) -> Once:
    next_deed = _("安排任职") if may_grant(by) else _("查看")
    return Once(
        title=user.name,
        facts=[(_("登录名"), user.username), (_("初始密码"), password)],
        advice=_("只显示这一次，请当面告知本人；首次登录须修改。"),
        links=[(next_deed, reverse("registers:row", args=["users", user.pk]))],
    )


def _switch_off(row: User, *, by: Doer, last_day: dt.date) -> None:
    deactivate_user(row, by=by)


def _switch_on(row: User, *, by: Doer) -> str:
    reactivate_user(row, by=by)
    return _("已启用。")


def _unlock(row: User, *, by: Actor) -> str:
    unlock(row, by=by)
    return _("已解锁，可以立即登录。")


def _remove_factor(row: User, *, by: Actor) -> str:
    remove_factor(row, by=by)
    return _("动态口令已取消，请本人重新绑定。")


def _state(row: User) -> str:
    states = {_("已停用"): not row.is_active, _("登录锁定"): row.is_locked, _("动态口令"): row.has_second_factor}  # type: ignore[attr-defined]
    return "、".join(state for state, holds in states.items() if holds)


def _appoint(row: User, *, by: Doer, **given: Any) -> str:
    days = {"valid_from": given["valid_from"], "valid_to": given["valid_to"]}
    if given["deputy_for"]:
        deputise(row, given["post"], absent=given["deputy_for"], by=by, **days)
    else:
        appoint(row, given["post"], by=by, **days)
    return _("已任职。")


class EndForm(forms.Form):
    """Which of the person's posts ends."""

    appointment = forms.ModelChoiceField(queryset=Appointment.objects.none())

    def __init__(self, data: Any, row: User) -> None:
        super().__init__(data)
        column = self.fields["appointment"]
        assert isinstance(column, forms.ModelChoiceField)
        column.queryset = Appointment.objects.filter(user=row)


def _end(row: User, *, by: Doer, appointment: Appointment) -> str:
    end_appointment(appointment, by=by)
    return _("任职到今天为止。")


def _held(row: User, actor: Actor) -> Mapping[str, Any]:
    held = Appointment.objects.filter(user=row).select_related("post__department", "deputy_for")
    return {
        "held": held.order_by("-valid_from", "-id")[:MOST_POSTS],
        "today": instants.today(),
        "may_appoint": may_grant(actor),
        "end_url": reverse("registers:act", args=["users", row.pk, "end-post"]),
    }


def _may_appoint(row: User, actor: Actor) -> bool:
    return _is_other(row, actor) and may_grant(actor)


def _may_switch_off(row: User, actor: Actor) -> bool:
    return _is_other(row, actor) and may_manage(actor, row)


def _may_manage(row: User, actor: Actor) -> bool:
    return may_manage(actor, row)


def _is_other(row: User, actor: Actor) -> bool:
    """Nobody gives, takes or mends these for himself."""
    return row.pk != actor.user_id


USERS = Register(
    key="users",
    title=gettext_lazy("人员"),
    group=ORGANISATION,
    order=910,
    icon="users",
    help=gettext_lazy("保存后显示一次初始密码，首次登录须修改。"),
    model=User,
    rows=_rows,
    current=lambda rows: rows.filter(is_active=True),
    columns=[
        Column(gettext_lazy("登录名"), "username", sort="username"),
        Column(gettext_lazy("姓名"), "name", sort="name"),
        Column(gettext_lazy("岗位"), _posts),
        Column(gettext_lazy("手机号"), "phone"),
        Column(gettext_lazy("状态"), _state),
    ],
    readers=ADMINS,
    changers=ORGANISERS,
    sort=("username",),
    search=("username", "name"),
    search_hint=gettext_lazy("登录名或姓名"),
    filters=[
        Filter(
            "posted",
            gettext_lazy("任职"),
            lambda: [("yes", _("有岗位")), ("no", _("没有岗位"))],
            lambda rows, value: _posted(rows, value == "yes"),
        ),
        Filter(
            "locked",
            gettext_lazy("登录"),
            lambda: [("yes", _("登录锁定"))],
            lambda rows, value: rows.filter(is_locked=True),
        ),
    ],
    form=lambda data, row: UserForm(data, instance=row),
    create=_create,
    change=change_user,
    retire=_switch_off,
    retire_now=True,
    retire_title=gettext_lazy("停用账号"),
    retire_rule=gettext_lazy("立即不能再登录；已办的案件和任职记录照旧，可以再启用。"),
    retirers=APPOINTERS,
    may_retire_row=_may_switch_off,
    is_over=lambda row: not row.is_active,
    actions=[
        Action(
            "appoint",
            gettext_lazy("任职"),
            _appoint,
            APPOINTERS,
            shown=lambda row: row.is_active,
            offered=_may_appoint,
            form=lambda data, row: AppointForm(data),
            for_many=True,
        ),
        Action("end-post", gettext_lazy("到今天结束"), _end, APPOINTERS, form=EndForm, hidden=True),
        Action(
            "unlock",
            gettext_lazy("解除锁定"),
            _unlock,
            GUARDS,
            shown=lambda row: row.is_locked,
            offered=_is_other,
            for_many=True,
        ),
        Action(
            "second-factor",
            gettext_lazy("取消动态口令"),
            _remove_factor,
            GUARDS,
            shown=lambda row: row.has_second_factor,
            offered=_is_other,
            rule=gettext_lazy("手机丢失时用；本人下次登录后重新绑定。"),
            danger=True,
        ),
        Action(
            "password",
            gettext_lazy("重置密码"),
            _reset,
            APPOINTERS,
            shown=lambda row: row.is_active,
            offered=_may_manage,
        ),
        Action(
            "on",
            gettext_lazy("启用账号"),
            _switch_on,
            APPOINTERS,
            shown=lambda row: not row.is_active,
            offered=_may_manage,
            for_many=True,
        ),
    ],
    panels=[Panel(gettext_lazy("现任与曾任岗位"), "people/_held.html", _held)],
    book=PeopleBook(),
)

USAGES = [
    Usage(Appointment, "user", gettext_lazy("现在的任职")),
    Usage(
        DutyShift,
        "user",
        gettext_lazy("今天和以后的值班"),
        living=lambda rows, day: rows.filter(day__gte=day, is_cancelled=False),
    ),
    Usage(ApiAllowance, "user", gettext_lazy("接口准许"), living=lambda rows, day: holding(rows)),
]


def _posted(rows: Rows, is_posted: bool) -> Rows:
    held = Appointment.objects.on(instants.today()).values("user")
    return rows.filter(pk__in=held) if is_posted else rows.exclude(pk__in=held)
