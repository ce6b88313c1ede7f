from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.core.dated import Dated


class DutyState(models.Model):
    """One row, whose token changes with every change below that `queries` keeps in memory."""

    token = models.CharField(max_length=32)


class DutyRow(Dated):
    """A row of the duty list (权责清单): who answers for a class, in an area, under a condition, at some hours.

    The class is matched through the mapping: a row for «路灯异常» of 2026 serves a case filed as 路灯 in 2025.
    """

    minor = models.ForeignKey("taxonomy.MinorClass", models.PROTECT, related_name="duty_rows")
    # Prefix of GB/T 2260 codes: county 6, township 9, community 12, cell 15 digits; blank is the whole county.
    region_code = models.CharField(max_length=15, blank=True, default="")
    # Holds for every version of this condition.
    condition = models.ForeignKey(
        "taxonomy.FilingCondition", models.PROTECT, null=True, blank=True, related_name="duty_rows"
    )
    from_time = models.TimeField(null=True, blank=True)
    to_time = models.TimeField(null=True, blank=True)
    # ISO weekdays, "12345"; blank is every day.
    weekdays = models.CharField(max_length=7, blank=True, default="")
    main_department = models.ForeignKey("people.Department", models.PROTECT, related_name="main_duties")
    co_departments = models.ManyToManyField("people.Department", blank=True, related_name="co_duties")
    # Blank unless somebody knows the clause; never guessed.
    legal_basis = models.CharField(max_length=300, blank=True, default="")
    auto_dispatch = models.BooleanField(default=False)

    class Meta:
        ordering = ["minor", "region_code", "pk"]
        indexes = [models.Index(fields=["minor", "region_code"]), models.Index(fields=["valid_from", "valid_to"])]

    def __str__(self) -> str:
        return f"{self.minor} · {self.region_code or _('全县')}"


class Outcome(models.TextChoices):
    CONFIRMED = "confirmed", _("采纳建议")
    CHANGED = "changed", _("改派他部门")
    RETURNED = "returned", _("部门退回")
    DECIDED = "decided", _("争议裁定")


class DispatchFeedback(models.Model):
    """What became of a proposal; never edited. Teaches how far the duty list can be trusted for a class and area."""

    # The class as it stands in the edition in force, so that experience survives an edition.
    minor = models.ForeignKey("taxonomy.MinorClass", models.PROTECT, related_name="+")
    # Township code, or county code where the township is unknown.
    area_code = models.CharField(max_length=9, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    proposed_department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    # "case:17"
    subject = models.CharField(max_length=64, blank=True, default="", db_index=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["minor", "area_code", "outcome"])]


class DecidedDispute(Dated):
    """The centre decided who answers for a class in an area; it overrides the duty list and bars a return."""

    minor = models.ForeignKey("taxonomy.MinorClass", models.PROTECT, related_name="decided_disputes")
    region_code = models.CharField(max_length=15, blank=True, default="")
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="decided_disputes")
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["minor", "region_code"]), models.Index(fields=["-decided_at"])]

    def __str__(self) -> str:
        return f"{self.minor} · {self.region_code or _('全县')}"


class ControlArea(models.Model):
    """管控区域/时段: where and when certain classes are not to be reported, by an approved request (STANDARDS §6.3)."""

    name = models.CharField(max_length=100)
    # Prefixes of GB/T 2260 codes; with neither codes nor a shape the whole county is meant.
    region_codes = models.JSONField(default=list, blank=True)
    # WKB polygon, WGS-84 degrees (lon, lat).
    shape = models.BinaryField(null=True, blank=True)
    # None chosen: every class.
    minors = models.ManyToManyField("taxonomy.MinorClass", blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    from_time = models.TimeField(null=True, blank=True)
    to_time = models.TimeField(null=True, blank=True)
    weekdays = models.CharField(max_length=7, blank=True, default="")
    reason = models.CharField(max_length=300)
    # Of a draft: who wrote it.
    approved_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    # A draft holds back nothing until it is approved.
    is_draft = models.BooleanField(default=False)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["-starts_at"]), models.Index(fields=["ends_at"])]

    def __str__(self) -> str:
        return self.name
