"""Who may have tokens of the API, and the tokens there are. Their secrets are their owners' alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.core.who import Doer
from chengyun.people.backoffice.cells import PERSON
from chengyun.people.backoffice.who import ADMINS, GUARDS, INSTALLATION
from chengyun.people.models import ApiAllowance, ApiToken, Scope, User
from chengyun.people.register_forms import day_field
from chengyun.people.registers import cells
from chengyun.people.registers.book import Heading
from chengyun.people.registers.cells import Cell
from chengyun.people.registers.declaration import Action, Column, Register, Rows, Usage
from chengyun.people.registers.row_book import RowBook
from chengyun.people.tokens import (
    allow,
    change_allowance,
    holding,
    holds,
    is_alive,
    revoke_token,
    scopes_of,
    take_back,
)

# A workbook is Chinese whatever language its reader has chosen.
SCOPES = {str(value): str(title) for value, title in Scope.choices}


class _Person(forms.ModelChoiceField):  # type: ignore[type-arg]  # the class takes no argument at run time
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}（{obj.username}）"


def _scopes() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("权限"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )


class AllowanceForm(forms.Form):
    user = _Person(
        label=gettext_lazy("人员"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("接口只能看到和办理这个人能看到和办理的"),
    )
    scopes = _scopes()
    until = day_field(gettext_lazy("截止日期"), required=True, help_text=gettext_lazy("令牌最晚到这一天为止"))

    def __init__(self, data: Any, row: ApiAllowance | None = None) -> None:
        known = {"user": row.user_id, "scopes": row.scopes, "until": row.until} if row else {}
        super().__init__(data, initial=known)
        column = self.fields["user"]
        assert isinstance(column, forms.ModelChoiceField)
        column.queryset = User.objects.filter(pk=row.user_id) if row else User.objects.filter(is_active=True)
        column.disabled = row is not None


class TokenForm(forms.Form):
    """A token as its administrators see it; nothing of it is changed here."""

    name = forms.CharField(label=gettext_lazy("令牌名称"))
    user = forms.CharField(label=gettext_lazy("代表谁"))
    scopes = _scopes()

    def __init__(self, data: Any, row: ApiToken) -> None:
        super().__init__(data, initial={"name": row.name, "user": row.user.name, "scopes": row.scopes})


def _revoke(row: ApiToken, *, by: Doer) -> str:
    revoke_token(row.pk, by=by)
    return _("令牌已撤销，立即失效。")


def _change(row: ApiAllowance, *, by: Doer, user: User | None = None, **given: Any) -> ApiAllowance:
    """Whose it is stays."""
    return change_allowance(row, by=by, **given)


def _take_back(row: ApiAllowance, *, by: Doer, last_day: dt.date) -> None:
    take_back(row, by=by)


def _state(row: ApiToken) -> str:
    if row.revoked_at:
        return _("已撤销")
    if row.allowance and row.allowance.ended_at:
        return _("准许已收回")
    return _("有效") if is_alive(row) else _("已失效")


def _state_of_allowance(row: ApiAllowance) -> str:
    if row.ended_at:
        return _("已收回")
    return _("有效") if row.until >= instants.today() else _("已到期")


def _living(rows: Rows) -> Rows:
    is_allowed = Q(allowance=None) | Q(allowance__ended_at=None, allowance__until__gte=instants.today())
    return rows.filter(is_allowed, revoked_at=None, expires_at__gt=instants.now())


def _named(scopes: Sequence[str]) -> str:
    return "、".join(str(Scope(each).label) for each in scopes)


ALLOWANCES = Register(
    key="api-allowances",
    title=gettext_lazy("接口准许"),
    group=INSTALLATION,
    order=968,
    icon="shield",
    help=gettext_lazy("谁可以为自己的程序生成接口令牌；令牌由本人生成，只有本人看得到。"),
    model=ApiAllowance,
    rows=lambda: ApiAllowance.objects.select_related("user"),
    current=lambda rows: rows.filter(ended_at=None, until__gte=instants.today()),
    columns=[
        Column(gettext_lazy("人员"), "user.name"),
        Column(gettext_lazy("权限"), lambda row: _named(row.scopes)),
        Column(gettext_lazy("自"), lambda row: instants.civil_day(row.created_at)),
        Column(gettext_lazy("截止日期"), "until", sort="until"),
        Column(gettext_lazy("状态"), _state_of_allowance),
    ],
    readers=ADMINS,
    changers=GUARDS,
    sort=("-pk",),
    search=("user__name", "user__username"),
    search_hint=gettext_lazy("登录名或姓名"),
    form=AllowanceForm,
    create=allow,
    change=_change,
    retire=_take_back,
    retire_now=True,
    retire_title=gettext_lazy("收回准许"),
    retire_rule=gettext_lazy("立即收回；据此生成的令牌随即失效，使用它们的系统会被拒绝。"),
    is_over=lambda row: not holds(row),
    bulk_fields=("until", "scopes"),
    words={"scopes": dict(Scope.choices)},
    book=RowBook(
        name="接口准许",
        cells=(
            Cell(
                Heading("登录名", "准许谁生成令牌", required=True, width=18),
                attrgetter("user"),
                "user",
                PERSON,
            ),
            Cell(Heading("姓名", told_only=True), attrgetter("user.name")),
            Cell(
                Heading("权限", "多项用顿号隔开：" + "、".join(SCOPES.values()), required=True, width=34),
                attrgetter("scopes"),
                "scopes",
                cells.several(cells.one_of(SCOPES.items())),
            ),
            Cell(
                Heading("截止日期", "写作 2027-01-31；令牌最晚到这一天为止", required=True),
                attrgetter("until"),
                "until",
                cells.DAY,
            ),
        ),
        key=("登录名",),
        label=("姓名", "登录名"),
        rows=lambda day: holding(ApiAllowance.objects.select_related("user")).order_by("pk"),
        create=allow,
        change=_change,
        retire=_take_back,
        tables=(ApiAllowance,),
        notes=(
            gettext_lazy("每行准许一个人；登录名确定一行。改动立即对据此生成的令牌有效，令牌的权限只会减少。"),
            gettext_lazy("按完整清单导入时，表里没有的人收回准许，他们的令牌随即失效。"),
        ),
    ),
)

USAGES = [
    Usage(
        ApiToken,
        "allowance",
        gettext_lazy("据此生成的令牌，随准许失效"),
        living=lambda rows, day: rows.filter(revoked_at=None, expires_at__gt=instants.now()),
    )
]

TOKENS = Register(
    key="tokens",
    title=gettext_lazy("接口令牌"),
    group=INSTALLATION,
    order=970,
    icon="key",
    help=gettext_lazy("其他系统用令牌调用接口；令牌代表一个人，由本人生成，只在它的权限之内。"),
    model=ApiToken,
    rows=lambda: ApiToken.objects.select_related("user", "allowance"),
    current=_living,
    columns=[
        Column(gettext_lazy("令牌名称"), "name", sort="name"),
        Column(gettext_lazy("代表谁"), "user.name"),
        Column(gettext_lazy("权限"), lambda row: _named(scopes_of(row))),
        Column(gettext_lazy("到期"), "expires_at", sort="expires_at"),
        Column(gettext_lazy("最近使用"), "last_used_at"),
        Column(gettext_lazy("状态"), _state),
    ],
    readers=ADMINS,
    changers=GUARDS,
    sort=("-pk",),
    search=("name", "user__name"),
    search_hint=gettext_lazy("令牌或人员"),
    form=TokenForm,
    actions=[
        Action(
            "revoke",
            gettext_lazy("撤销令牌"),
            _revoke,
            GUARDS,
            shown=lambda row: row.revoked_at is None,
            rule=gettext_lazy("立即失效，使用它的系统会被拒绝。"),
            danger=True,
        )
    ],
    titles={"revoked_at": gettext_lazy("撤销时间")},
    words={"scopes": dict(Scope.choices)},
)
