from __future__ import annotations

from django.db import models

from chengyun.core.worktime.units import Unit


class Clock(models.Model):
    """The present state of one timed stage of a case. Its history is in the steps' `clock_effects`.

    Bundled cases (捆绑计时) share the handle clock: it then belongs to the bundle's leading case.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="clocks")
    stage = models.CharField(max_length=10)
    round = models.PositiveSmallIntegerField(default=1)
    # What the step that started it pinned (DESIGN §4.6).
    amount = models.DecimalField(max_digits=12, decimal_places=6)
    unit = models.CharField(max_length=20, choices=[(unit.value, unit.value) for unit in Unit])
    area_class = models.CharField(max_length=10, blank=True, default="")
    condition_version = models.PositiveSmallIntegerField(null=True)
    yellow_share = models.DecimalField(max_digits=7, decimal_places=6)
    # What extensions added, and the stretches in which time was counted: all that the times below follow from.
    extended = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    runs = models.JSONField()
    calendar_version = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    yellow_at = models.DateTimeField()
    # The due time rests on a year whose calendar is not published yet.
    provisional = models.BooleanField(default=False)
    running_since = models.DateTimeField(null=True)
    used_before = models.DecimalField(max_digits=16, decimal_places=6, default=0)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    # The raw fact; an appeal that was granted sets `exempt` beside it and never clears it.
    is_overdue = models.BooleanField(default=False)
    exempt = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "stage"], name="one_clock_per_stage")]
        indexes = [
            # Clocks still running under an older calendar.
            models.Index(
                fields=["calendar_version", "case"],
                condition=models.Q(stopped_at__isnull=True),
                name="clock_running_calendar",
            )
        ]
