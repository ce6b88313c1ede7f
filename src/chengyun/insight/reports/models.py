"""报表: drafted from figures in the words of a Word template and of the office; once issued, it stands as it is."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengyun.insight.word.libreoffice import Fault
from chengyun.insight.word.versions import TemplateVersion


class Kind(models.TextChoices):
    DAILY = "daily", _("日报")
    WEEKLY = "weekly", _("周报")
    MONTHLY = "monthly", _("月报")
    ANNUAL = "annual", _("年度工作报告")
    TOPIC = "topic", _("专题报告")


# Drafted on the morning after their period.
REGULAR = (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY)


class ReportTemplate(TemplateVersion):
    kind = models.CharField(max_length=8, choices=Kind.choices)

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="template_kind")]


class WorkReport(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ISSUED = "issued", _("已签发")

    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("标题"), max_length=80)
    first = models.DateField(_("起始日期"))
    last = models.DateField(_("截止日期"))
    # Whose county it tells of: what its centre sees; blank is everything.
    region_code = models.CharField(max_length=12, blank=True, default="")
    # A topic's own narrowing, dimension → keys.
    where = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    # What was measured when it was drafted (`facts.py`), and how far the figures knew.
    facts = models.JSONField(default=dict)
    as_of_cursor = models.CharField(max_length=60)
    as_of_at = models.DateTimeField()
    # The office's own words, by the key of the template's text block.
    texts = models.JSONField(default=dict)
    # Of the delivered or uploaded template that it was drafted with.
    template = models.BinaryField()
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=50)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.CharField(max_length=50, blank=True, default="")
    # Over the figures as issued and the cases behind each.
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="work_report_kind")]
        constraints = [
            # The morning's round may run twice.
            models.UniqueConstraint(
                fields=["kind", "first", "region_code"],
                condition=models.Q(drafted_by="", kind__in=["daily", "weekly", "monthly"]),
                name="drafted_by_itself_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class CountedCases(models.Model):
    """The cases behind figures of a report, as they were counted (`counted.py`). Figures with the same cases share a
    row: each names its `number`."""

    report = models.ForeignKey(WorkReport, models.CASCADE, related_name="counted")
    number = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="counted_once_per_number")]


class WordPdf(models.Model):
    """A report's Word file as LibreOffice laid it out (`word_pdf.py`), of the report as `key` says that it was."""

    class State(models.TextChoices):
        WAITING = "waiting", _("正在生成")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("未能生成")

    report = models.OneToOneField(WorkReport, models.CASCADE, related_name="word_pdf")
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices)
    asked_at = models.DateTimeField()
    fault = models.CharField(max_length=8, choices=Fault.choices, blank=True, default="")
    content = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"{self.report_id} {self.state}"


class Correction(models.Model):
    """手工更正: one figure of a report as the office gives it. Appended; withdrawn, never changed."""

    report = models.ForeignKey(WorkReport, models.CASCADE, related_name="corrections")
    ref = models.CharField(max_length=300)
    title = models.CharField(max_length=200)
    old = models.FloatField(null=True, blank=True)
    new = models.FloatField()
    reason = models.CharField(_("理由"), max_length=300)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=50)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "ref"], condition=models.Q(withdrawn_at=None), name="one_correction_per_figure"
            )
        ]

    def __str__(self) -> str:
        return self.title
