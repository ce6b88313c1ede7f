"""专项行动: a plan with targets and phases, tasks per responsible unit, evidence of what was done, prompts, a report.

What is done is never stored as a figure while a campaign runs: it is the sum of its evidence or the count of its linked
cases. Closing freezes the figures of the report.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Campaign(models.Model):
    class State(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        RUNNING = "running", _("进行中")
        CLOSED = "closed", _("已总结")
        CANCELLED = "cancelled", _("已取消")

    number = models.CharField(_("编号"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    goal = models.TextField(_("工作目标"), max_length=2000)
    lead = models.ForeignKey("people.Department", models.PROTECT, verbose_name=_("牵头部门"), related_name="+")
    begins = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    # Cases of these classes, reported in the campaign's time and townships, belong to it by themselves.
    minor_classes = models.ManyToManyField(
        "taxonomy.MinorClass", verbose_name=_("涉及小类"), blank=True, related_name="+"
    )
    township_codes = models.JSONField(_("涉及乡镇街道"), default=list, blank=True)
    # The report, in the office's words; its figures as they stood when the campaign was closed.
    results = models.TextField(_("主要成效"), max_length=4000, blank=True, default="")
    problems = models.TextField(_("存在问题"), max_length=4000, blank=True, default="")
    next_steps = models.TextField(_("下步打算"), max_length=4000, blank=True, default="")
    figures = models.JSONField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="campaign_state")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.RUNNING)


class Phase(models.Model):
    """阶段: a period of the plan."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    name = models.CharField(_("阶段"), max_length=30)
    begins = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"))

    class Meta:
        ordering = ["begins", "id"]

    def __str__(self) -> str:
        return self.name


class Counting(models.TextChoices):
    """How what was done is counted."""

    EVIDENCE = "evidence", _("按填报量")
    CLOSED_CASES = "closed", _("按结案数")
    REPORTED_CASES = "reported", _("按上报数")


class Target(models.Model):
    """指标: what is counted, in which unit; how much of it, each task says."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    name = models.CharField(_("指标"), max_length=40)
    unit = models.CharField(_("单位"), max_length=10)
    counting = models.CharField(_("计数方式"), max_length=10, choices=Counting.choices, default=Counting.EVIDENCE)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"


class Task(models.Model):
    """任务: so much of a target, by one unit, in one period."""

    class State(models.TextChoices):
        OPEN = "open", _("办理中")
        SUBMITTED = "submitted", _("待验收")
        ACCEPTED = "accepted", _("已验收")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    target = models.ForeignKey(Target, models.PROTECT, verbose_name=_("指标"), related_name="tasks")
    phase = models.ForeignKey(
        Phase, models.PROTECT, verbose_name=_("阶段"), null=True, blank=True, related_name="tasks"
    )
    department = models.ForeignKey("people.Department", models.PROTECT, verbose_name=_("责任单位"), related_name="+")
    amount = models.PositiveIntegerField(_("目标量"))
    begins = models.DateField(_("开始日期"))
    ends = models.DateField(_("完成时限"))
    note = models.CharField(_("要求"), max_length=300, blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["department", "state"], name="task_department"),
            models.Index(fields=["ends"], condition=models.Q(state="open"), name="task_open_ends"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="task_wants_something")]

    def __str__(self) -> str:
        return f"{self.department.short_name} {self.target.name}"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:task", args=[self.pk])


class Evidence(models.Model):
    """填报: what a unit did, with pictures before and after. Appended; a wrong one is withdrawn, never changed."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="evidence")
    day = models.DateField(_("日期"))
    amount = models.PositiveIntegerField(_("完成量"))
    note = models.CharField(_("情况"), max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=50)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["task", "-id"], name="evidence_task")]

    def __str__(self) -> str:
        return self.note[:40]


class CampaignCase(models.Model):
    """A case of the campaign: by its class, time and place, or named by hand."""

    class How(models.TextChoices):
        RULE = "rule", _("自动归集")
        HAND = "hand", _("人工关联")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="links")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="campaign_links")
    how = models.CharField(max_length=4, choices=How.choices)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "case"], name="case_once_per_campaign")]


class Prompt(models.Model):
    """催办 and 督办: what a unit was told about a task, and what it answered."""

    class Kind(models.TextChoices):
        DUE_SOON = "due_soon", _("临期提醒")
        OVERDUE = "overdue", _("逾期提醒")
        RETURNED = "returned", _("验收退回")
        SUPERVISION = "supervision", _("督办")

    task = models.ForeignKey(Task, models.CASCADE, related_name="prompts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=50)
    text = models.CharField(_("内容"), max_length=500, blank=True, default="")
    answer_by = models.DateField(_("回复时限"), null=True, blank=True)
    answer = models.CharField(_("回复"), max_length=500, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            # The daily round may run twice, and a deadline that was moved is told anew.
            models.UniqueConstraint(
                fields=["task", "kind", "answer_by"],
                condition=models.Q(kind__in=["due_soon", "overdue"]),
                name="one_reminder_per_deadline",
            )
        ]
