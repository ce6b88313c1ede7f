from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.core.chained import ChainedRow
from chengyun.core.dated import Dated
from chengyun.people.roles import Role

is_code = RegexValidator(r"^[A-Za-z0-9_-]+\Z", _("只能用字母、数字、横线和下划线。"))
is_region_code = RegexValidator(r"^(\d{6}|\d{9}|\d{12})\Z", _("区划代码应为 6、9 或 12 位数字。"))
is_username = RegexValidator(r"^[\w.@-]+\Z", _("只能用文字、数字和 . @ - _，不能有空格。"))
is_phone = RegexValidator(r"^\+?[0-9 ()-]{3,}\Z", _("电话只能写数字、空格、括号和横线。"))


class Department(Dated):
    """A unit of the county that can answer for cases; a township is one too (STANDARDS §6.1)."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("监督指挥中心")
        DEPARTMENT = "department", _("专业部门")
        TOWNSHIP = "township", _("乡镇街道")
        COMMUNITY = "community", _("社区（村）")
        COMPANY = "company", _("企业")

    code = models.CharField(
        _("部门代码"),
        max_length=32,
        unique=True,
        validators=[is_code],
        error_messages={"unique": _("这个部门代码已被使用。")},
    )
    name = models.CharField(_("部门名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=30)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级部门")
    )
    # "/3/17/": ids from the root down to this row, so that a subtree is one prefix.
    path = models.CharField(max_length=200, db_index=True, default="", blank=True, editable=False)
    # GB/T 2260 county code (6), township (9) or community code (12) that this unit answers for; blank when none.
    region_code = models.CharField(
        _("区划代码"), max_length=12, blank=True, default="", db_index=True, validators=[is_region_code]
    )
    # Some departments never log in; the centre enters their steps on their behalf (代录).
    works_online = models.BooleanField(_("上线办理"), default=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True, default="", validators=[is_phone])
    sort_order = models.IntegerField(_("排序"), default=0)

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("部门")

    def __str__(self) -> str:
        return self.short_name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    username = models.CharField(
        _("登录名"),
        max_length=64,
        unique=True,
        validators=[is_username],
        error_messages={"unique": _("这个登录名已被使用。")},
    )
    name = models.CharField(_("姓名"), max_length=50)
    phone = models.CharField(_("手机号"), max_length=30, blank=True, default="", validators=[is_phone])
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["username"]
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.name


class Post(Dated):
    """A post (岗位) of a department: the roles that whoever holds it may act in."""

    code = models.CharField(
        _("岗位代码"),
        max_length=32,
        unique=True,
        validators=[is_code],
        error_messages={"unique": _("这个岗位代码已被使用。")},
    )
    name = models.CharField(_("岗位名称"), max_length=50)
    department = models.ForeignKey(Department, models.PROTECT, related_name="posts", verbose_name=_("部门"))
    # Values of `Role`; several where a small centre merges them.
    roles = models.JSONField(_("角色"), default=list)

    class Meta:
        ordering = ["code"]
        verbose_name = _("岗位")

    def __str__(self) -> str:
        return self.name

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


class Appointment(Dated):
    """Who holds a post, from when to when; a deputy holds it for somebody else."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name=_("岗位"))
    deputy_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("代谁履职")
    )

    class Meta:
        ordering = ["valid_from", "id"]
        verbose_name = _("任职")

    def __str__(self) -> str:
        return f"{self.user} · {self.post}"


class DutyShift(models.Model):
    """One person's turn in the duty roster (值班表). A night shift ends on the day after `day`."""

    class Name(models.TextChoices):
        EARLY = "early", _("早班")
        MIDDLE = "middle", _("中班")
        NIGHT = "night", _("夜班")

    day = models.DateField(_("日期"))
    name = models.CharField(_("班次"), max_length=10, choices=Name.choices)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    user = models.ForeignKey(User, models.PROTECT, related_name="duty_shifts", verbose_name=_("值班人"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="duty_shifts", verbose_name=_("岗位"))
    # The number that is answered during the shift; it may be the room's, not the person's.
    phone = models.CharField(_("值班电话"), max_length=30, blank=True, default="", validators=[is_phone])
    # The place in the phone list of the shift, 1 first; 0 leaves it to the order of the posts.
    call_order = models.PositiveSmallIntegerField(_("呼叫顺序"), default=0)
    # A turn that was given away stays in the roster, struck out.
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("值班")
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="duty_shift_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "starts_at"], condition=models.Q(is_cancelled=False), name="one_turn_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_name_display()} · {self.user}"


class Scope(models.TextChoices):
    """What a token of the API may be used for, at most."""

    REPORTS_WRITE = "reports:write", _("登记问题")
    CASES_READ = "cases:read", _("查看案件")
    CASES_STEP = "cases:step", _("办理案件")


class ApiAllowance(models.Model):
    """That somebody may make tokens: for these scopes, up to this day. Its end stops every token made under it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_allowances", verbose_name=_("人员"))
    # Values of `Scope`.
    scopes = models.JSONField(_("权限"), default=list)
    until = models.DateField(_("截止日期"))
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("接口准许")

    def __str__(self) -> str:
        return self.user.name


class ApiToken(models.Model):
    """A program's key to the API: it acts as its user, within its scopes. Only the digest of the secret is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens", verbose_name=_("人员"))
    # Made by its own person; those of the command line stand without one.
    allowance = models.ForeignKey(
        ApiAllowance, models.PROTECT, null=True, blank=True, related_name="tokens", verbose_name=_("接口准许")
    )
    name = models.CharField(_("令牌名称"), max_length=50)
    # Values of `Scope`.
    scopes = models.JSONField(_("权限"), default=list)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("到期"))
    # Written at most once a minute.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return self.name


class RegisterChange(ChainedRow):
    """What somebody changed in a register row. One chain per row, as `department:17`; written by `people.register`."""

    HASHED_FIELDS: ClassVar[tuple[str, ...]] = ("action", "before", "after", "by_id", "by_name")

    action = models.CharField(max_length=20)
    # The changed fields only; personal ones without their value.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=50)

    class Meta(ChainedRow.Meta):
        indexes = [models.Index(fields=["by_id", "at"], name="register_change_by")]


class RegisterUpload(models.Model):
    """A workbook on its way into a register: kept until somebody has looked at its differences and applied them."""

    register = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    file_name = models.CharField(max_length=100)
    # Emptied when it is applied; the row goes after a day when it never is.
    content = models.BinaryField()
    # From which day the file holds, and whether what it lacks is retired.
    day = models.DateField()
    whole = models.BooleanField(default=False)
    # In which coordinates it is, where the register lies on the map.
    system = models.CharField(max_length=20, default="", blank=True)
    applied_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)
