from __future__ import annotations

from django.db import models


class DemoStep(models.Model):
    """A part of the demo county that stands. Written in the part's own transaction, so a killed part left nothing."""

    name = models.CharField(max_length=30, unique=True)
    done_at = models.DateTimeField()
    seconds = models.FloatField()

    class Meta:
        ordering = ["id"]
