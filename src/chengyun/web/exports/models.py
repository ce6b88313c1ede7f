from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportRun(models.Model):
    """A long list being made into a file, and the file while it is kept. The audit record is in `core.history`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("正在生成")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("未能生成")

    by = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=100)
    # The list's own query parameters; gone with the row after a week, since people type names into searches.
    params = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["by", "-id"], name="export_run_by"),
            models.Index(fields=["asked_at"], name="export_run_asked"),
        ]

    @property
    def path(self) -> Path:
        return Path(settings.DATA_DIR) / "exports" / f"{self.pk}.xlsx"
