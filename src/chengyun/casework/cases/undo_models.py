from __future__ import annotations

from django.db import models


class Undo(models.Model):
    """What stood before the case's last step, for the minute in which it may be taken back; one row per case.

    Not history: that is in the steps, and the step `undo` is one of them.
    """

    case = models.OneToOneField("cases.Case", models.CASCADE, primary_key=True, related_name="+")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=24)
    at = models.DateTimeField(db_index=True)
    by_user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    by_role = models.CharField(max_length=20, blank=True, default="")
    before = models.JSONField()
