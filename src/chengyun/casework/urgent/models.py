"""An urgent case calls the room: `Alert` until somebody says by name that he knows, `Call` for each one telephoned.

What happened to an alert stands in the general history under `alert.chain`, appended and chained.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    class Outcome(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("已知悉")
        LIFTED = "lifted", _("已解除")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="alerts")
    # Since when the case is urgent, and when the room was first told: a worker may have been down between.
    urgent_since = models.DateTimeField()
    raised_at = models.DateTimeField()
    # False once the case ended or is no longer urgent; then it may become urgent anew.
    stands = models.BooleanField(default=True)
    # Null while it rings.
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    ended_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    ended_by_name = models.CharField(max_length=50, blank=True, default="")
    # When the next person is called; null when somebody knows or the whole list has been called.
    next_call_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(ended_at__isnull=True), name="alert_ringing"),
            models.Index(fields=["raised_at", "id"], name="alert_raised"),
            models.Index(fields=["next_call_at"], condition=models.Q(ended_at__isnull=True), name="alert_next_call"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(stands=True), name="one_alert_stands_per_case")
        ]

    @property
    def chain(self) -> str:
        return f"alert:{self.pk}"

    @property
    def spent(self) -> dt.timedelta | None:
        """From becoming urgent to the acknowledgement; None while nobody knows."""
        return self.ended_at - self.urgent_since if self.ended_at else None

    @property
    def is_acknowledged(self) -> bool:
        return self.outcome == self.Outcome.ACKNOWLEDGED


class Call(models.Model):
    """One person of the phone list whom the desk has to call, and whether he answered."""

    class Outcome(models.TextChoices):
        CONNECTED = "connected", _("已接通")
        MISSED = "missed", _("未接通")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="calls")
    number = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=12)
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    phone = models.CharField(max_length=30, blank=True, default="")
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    told_by_name = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "number"], name="one_call_per_place")]
