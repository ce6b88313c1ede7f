"""Hotline orders (热线工单) and the imports that brought them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.core.masking import masked_name, masked_phone


class HotlineImport(models.Model):
    """One run over one file. Its figures grow with the rows, in the same transaction."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("待确认")
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未能读取")

    feed = models.CharField(max_length=30)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    file_name = models.CharField(max_length=200)
    # Inside the data directory's `imports`; blank when the command line read the file where it lay.
    stored_as = models.CharField(max_length=80, blank=True, default="")
    told = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    created = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    supplemented = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class HotlineOrder(models.Model):
    """An order as the hotline counts it. Who called and what was said stand once, in the report, where they can be
    erased; the case is the report's, because merging re-points reports."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("咨询")
        HELP = "help", _("求助")
        SUGGESTION = "suggestion", _("建议")
        COMPLAINT = "complaint", _("投诉")
        TIP_OFF = "tip_off", _("举报")

    feed = models.CharField(max_length=30)
    order_no = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True, default="")
    extra = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    report = models.OneToOneField("cases.Report", models.PROTECT, related_name="hotline_order")
    # The import that last brought something new of this order.
    batch = models.ForeignKey(HotlineImport, models.PROTECT, related_name="orders")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "order_no"], name="one_order_per_feed_and_number")]
        indexes = [models.Index(fields=["-received_at", "-id"], name="order_received")]

    def __str__(self) -> str:
        return self.order_no

    @property
    def shown_number(self) -> str:
        """Blank for an order that came without a number and is known by its content."""
        return "" if self.order_no.startswith("#") else self.order_no

    @property
    def kind_text(self) -> str:
        """Ours, or the hotline's own word for it."""
        return str(self.get_kind_display() or self.extra.get("kind", ""))

    @property
    def caller(self) -> str:
        return masked_name(self.report.reporter_name)

    @property
    def phone(self) -> str:
        return masked_phone(self.report.reporter_phone)

    @property
    def case(self) -> Any:
        return self.report.case
