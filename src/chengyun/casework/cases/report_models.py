"""What came in: a report keeps its reporter's own thread, whatever becomes of the case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where problems come from (STANDARDS §6.3)."""

    COLLECTOR = "collector", _("采集员")
    HOTLINE = "hotline", _("热线")
    PUBLIC = "public", _("公众")
    VIDEO = "video", _("视频")
    DEVICE = "device", _("设备")
    LEADER = "leader", _("领导批示")
    DEPARTMENT = "department", _("部门批转")
    MEDIA = "media", _("媒体")
    SUPERIOR = "superior", _("上级平台")
    DRONE = "drone", _("无人机")
    SPLIT = "split", _("拆分")


class Report(models.Model):
    """What somebody said, in his words. Personal columns can be erased; history keeps salted commitments of them."""

    source = models.CharField(max_length=12, choices=Source.choices)
    source_id = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="reports")
    received_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    title = models.CharField(max_length=120)
    words = models.TextField(blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    reporter_name = models.CharField(max_length=50, blank=True, default="")
    reporter_phone = models.CharField(max_length=30, blank=True, default="")
    reporter = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="reports")
    salt = models.CharField(max_length=32, blank=True, default="")
    extra = models.JSONField(default=dict)

    PERSONAL: ClassVar[tuple[str, ...]] = ("title", "words", "address", "reporter_name", "reporter_phone")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="one_report_per_source_id")]

    def __str__(self) -> str:
        return self.title


class Supplement(models.Model):
    """Changed content under a known source id: kept beside the report, shown to whoever holds the case."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="supplements")
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    title = models.CharField(max_length=120)
    words = models.TextField(blank=True, default="")
    salt = models.CharField(max_length=32, blank=True, default="")

    PERSONAL: ClassVar[tuple[str, ...]] = ("title", "words")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "digest"], name="one_supplement_per_content")]
