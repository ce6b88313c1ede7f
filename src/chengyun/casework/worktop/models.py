"""What one person keeps on the desk: saved views of the lists, unfinished forms, steps taken for many cases at once."""

from __future__ import annotations

from django.db import models


class SavedView(models.Model):
    """Filters of a list under a name; shown as a chip to its owner, or to everybody who holds a post."""

    owner = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    post = models.ForeignKey("people.Post", models.CASCADE, null=True, related_name="+")
    page = models.CharField(max_length=10)  # queue or list
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=500, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["owner", "position", "id"], name="saved_view_owner"),
            models.Index(fields=["post"], condition=models.Q(post__isnull=False), name="saved_view_post"),
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """An unfinished form of one person. Holds what somebody said: erasable, never logged, gone after a week."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)  # "report", or "step:<case number>:<verb>"
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_form")]


class BulkRun(models.Model):
    """One step taken for many cases: which, and why some were refused. A second click finds the same run."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    token = models.CharField(max_length=32)
    verb = models.CharField(max_length=24)
    at = models.DateTimeField(db_index=True)
    items = models.JSONField(default=list)  # [[number, version], …]
    refused = models.JSONField(default=dict)  # number → why
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="one_run_per_click")]
