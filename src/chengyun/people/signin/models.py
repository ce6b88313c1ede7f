from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.people.models import User


class SignIn(models.Model):
    """One line of the log of sign-ins (登录日志). Nobody changes it; a job removes what is older than the logs."""

    class Kind(models.TextChoices):
        IN = "in", _("登录")
        OUT = "out", _("退出")
        IDLE = "idle", _("无操作退出")
        EXPIRED = "expired", _("到时退出")
        FAILED = "failed", _("登录失败")
        CODE_FAILED = "code_failed", _("验证码错误")
        LOCKED = "locked", _("锁定")
        UNLOCKED = "unlocked", _("解锁")
        OIDC_IN = "oidc_in", _("统一认证登录")
        OIDC_REFUSED = "oidc_refused", _("统一认证未通过")

    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("事项"), max_length=12, choices=Kind.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("人员"))
    # Of a name that nobody has: what was typed may be a password, so only a digest of it is kept.
    typed = models.CharField(max_length=12, blank=True, default="")
    address = models.CharField(_("地址"), max_length=45, blank=True, default="")
    # Why, where there is more than one cause: a value of `oidc.refusals.Reason`.
    note = models.CharField(_("说明"), max_length=12, blank=True, default="")
    # Whoever did it, where it was somebody else.
    by_name = models.CharField(_("办理人"), max_length=50, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("登录日志")
        indexes = [models.Index(fields=["at"], name="signin_at")]


class SecondFactor(models.Model):
    """Somebody's authenticator (RFC 6238, 30 s, six digits, SHA-1). It counts from its confirmation on."""

    user = models.OneToOneField(User, models.PROTECT, related_name="second_factor")
    # Encrypted under a key made from the installation's secret (`secrets.py`).
    secret = models.BinaryField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # The time step of the last code that was taken: a code holds once.
    last_step = models.BigIntegerField(default=0)
    # Wrong codes in a row, from wherever they came, and when the last of them.
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """One of ten codes for the day when the telephone is lost; only its hash is kept, and it holds once."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]
