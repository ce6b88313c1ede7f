from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.core.declarations import SettingDeclaration
from chengyun.core.shapes import Number, Several
from chengyun.people.backoffice.who import INSTALLATION
from chengyun.people.registers.declaration import Column, Filter, Register
from chengyun.people.roles import Role
from chengyun.people.signin.models import SignIn
from chengyun.people.signin.oidc.refusals import Reason


def _who(row: SignIn) -> str:
    if row.user:
        return f"{row.user.name}（{row.user.username}）"
    return _("无此登录名（%s）") % row.typed if row.typed else _("不知是谁")


def _why(row: SignIn) -> str:
    return str(Reason(row.note).label) if row.note else ""


def _periods() -> list[tuple[str, str]]:
    return [("1", _("最近一天")), ("7", _("最近七天")), ("30", _("最近三十天"))]


SIGN_INS = Register(
    key="sign-ins",
    title=gettext_lazy("登录日志"),
    group=INSTALLATION,
    order=990,
    icon="history",
    help=gettext_lazy("登录、退出、失败、锁定和解锁，至少保存半年；谁也不能修改。"),
    model=SignIn,
    rows=lambda: SignIn.objects.select_related("user"),
    columns=[
        Column(gettext_lazy("时间"), "at"),
        Column(gettext_lazy("事项"), "kind"),
        Column(gettext_lazy("人员"), _who),
        Column(gettext_lazy("说明"), _why),
        Column(gettext_lazy("地址"), "address"),
        Column(gettext_lazy("办理人"), "by_name"),
    ],
    readers=frozenset({str(Role.AUDIT_ADMIN)}),
    sort=("-pk",),
    search=("user__username", "user__name", "address"),
    search_hint=gettext_lazy("登录名、姓名或地址"),
    filters=[
        Filter("kind", gettext_lazy("事项"), lambda: SignIn.Kind.choices, "kind"),
        Filter(
            "days",
            gettext_lazy("时间"),
            _periods,
            lambda rows, days: rows.filter(at__gte=instants.now() - dt.timedelta(days=int(days))),
        ),
    ],
)

DECLARATIONS: list[object] = [
    SIGN_INS,
    SettingDeclaration(
        key="signin.totp_roles",
        title=gettext_lazy("必须使用动态口令的角色"),
        default=[],
        shape=Several(Role.choices),
        group=gettext_lazy("登录"),
        help=gettext_lazy("这些角色的人登录后须先绑定动态口令；其他人自愿。下次登录起生效。"),
    ),
    SettingDeclaration(
        key="signin.session_hours",
        title=gettext_lazy("一次登录的最长时间"),
        # Local rule: a shift of eight hours and its handover.
        default=12,
        shape=Number(1, 24),
        unit=gettext_lazy("小时"),
        group=gettext_lazy("登录"),
        help=gettext_lazy("到时即使一直在操作，也要重新登录。"),
    ),
]
