from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.people.models import User


class Reason(models.TextChoices):
    """Why the provider's word did not open a session: the short form stands in the log of sign-ins."""

    STATE = "state", _("登录请求不是本页发起或已用过")
    CANCELLED = "cancelled", _("认证方没有放行")
    UNREACHABLE = "unreachable", _("认证服务没有回答")
    TOKEN = "token", _("凭据签名或内容不对")
    NONCE = "nonce", _("凭据与本次登录不符")
    EXPIRED = "expired", _("凭据过期")
    UNKNOWN = "unknown", _("系统里没有这个账号")
    OFF = "off", _("账号已停用")
    LOCKED = "locked", _("账号锁定")


SAID = {
    Reason.STATE: _("这次登录已失效或不是从本页开始的，请重新点“统一身份认证登录”。"),
    Reason.CANCELLED: _("统一身份认证没有放行，请重试，或用登录名和密码登录。"),
    Reason.UNREACHABLE: _("统一身份认证暂时没有回答，请稍后再试，或用登录名和密码登录。"),
    Reason.TOKEN: _("统一身份认证给的凭据核对不过，没有登录；请联系系统管理员检查认证配置。"),
    Reason.NONCE: _("统一身份认证给的凭据不属于这次登录，没有登录；请重新登录。"),
    Reason.EXPIRED: _("统一身份认证给的凭据已过期，请重新登录；反复出现时请系统管理员核对服务器时间。"),
    Reason.UNKNOWN: _("统一身份认证通过，但本系统没有对应的账号，请联系系统管理员。"),
    Reason.OFF: _("您在本系统的账号已停用，请联系系统管理员。"),
    Reason.LOCKED: _("您的账号因多次输错密码暂时锁定，请稍后再试，或请安全管理员解锁。"),
}


class Refused(Exception):
    """Somebody is not let in. `typed` is the name that the provider gave, where we know nobody of that name."""

    def __init__(self, reason: Reason, *, user: User | None = None, typed: str = "") -> None:
        super().__init__(reason)
        self.reason, self.user, self.typed = reason, user, typed

    @property
    def sentence(self) -> str:
        return str(SAID[self.reason])
