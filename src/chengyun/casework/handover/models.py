"""交接班: a shift's sheet as it was signed and taken over, and the items handed on until somebody ticks them off.

A sheet's figures are the ids of its cases, so that each opens exactly what it counted. Until it is signed there is no
row: the page is made from the facts. What happened stands in the general history, with a digest of the whole sheet.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.people.models import DutyShift

MOST_WORDS = 2000
MOST_ITEM = 200


class Sheet(models.Model):
    centre = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    day = models.DateField()
    name = models.CharField(max_length=10, choices=DutyShift.Name.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Key of a figure (`figures.FIGURES`) → ids of its cases.
    figures = models.JSONField(default=dict)
    # As printed: urgent alerts of the shift, items carried on, notes of the system.
    alerts = models.JSONField(default=list)
    items = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    remarks = models.TextField(_("备注"), max_length=MOST_WORDS, blank=True, default="")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    signed_by_name = models.CharField(max_length=50)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    taken_by_name = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "day", "name"], name="one_sheet_per_shift")]
        indexes = [models.Index(fields=["centre", "-starts_at"], name="sheet_newest")]

    @property
    def chain(self) -> str:
        return f"handover:{self.pk}"


class Item(models.Model):
    """Something handed on by hand, from shift to shift until it is done."""

    centre = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    words = models.CharField(_("交办事项"), max_length=MOST_ITEM)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    opened_by_name = models.CharField(max_length=50)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["centre"], condition=models.Q(done_at__isnull=True), name="item_open")]

    @property
    def chain(self) -> str:
        return f"handover_item:{self.pk}"
