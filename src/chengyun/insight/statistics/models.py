"""What is kept: questions under a name, who gets them by e-mail and got them, the model of risk as learnt last."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RiskModel(models.Model):
    """Learnt by a job from the county's own cases, never shipped: weights, rates, and how it was judged."""

    learnt_at = models.DateTimeField(db_index=True)
    cases = models.PositiveIntegerField()
    # Filed on; what lies before is not known to it.
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    model = models.JSONField(default=dict)
    # Of the held-out last part; empty where there were too few to judge by.
    judged = models.JSONField(default=dict)


class SavedAnalysis(models.Model):
    """A question of the pivot page under a name; its owner's own, or for everybody who holds a post."""

    owner = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    post = models.ForeignKey("people.Post", models.CASCADE, null=True, related_name="+")
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=2000)
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="saved_analysis_owner"),
            models.Index(fields=["post"], condition=models.Q(post__isnull=False), name="saved_analysis_post"),
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """Somebody gets a saved question's table by e-mail; asked anew, within what that person may see on that day."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("每天")
        WEEKLY = "weekly", _("每周一")
        MONTHLY = "monthly", _("每月 1 日")

    analysis = models.ForeignKey(SavedAnalysis, models.CASCADE, related_name="subscriptions")
    owner = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    address = models.EmailField(_("邮箱"))
    rhythm = models.CharField(_("频次"), max_length=8, choices=Rhythm.choices)
    since = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["analysis", "owner", "address"],
                condition=models.Q(ended_at=None),
                name="subscribed_once",
            )
        ]


class Sending(models.Model):
    """One e-mail: written before it goes, so that a killed worker neither forgets nor doubles it without end."""

    class State(models.TextChoices):
        WAITING = "waiting", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("未发出")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="sendings")
    due_on = models.DateField()
    address = models.EmailField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "due_on"], name="sent_once_per_day")]
        indexes = [models.Index(fields=["tried_at"], name="sending_tried")]
