from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengyun.core.dated import Dated
from chengyun.core.worktime.units import Unit

LOCAL: Final = "LOCAL"
STARTING_SET: Final = "starting set, not national text"


class Kind(models.TextChoices):
    PART = "part", _("部件")
    MATTER = "matter", _("事项")  # 事件 in the editions before 2026


UNIT_LABELS: Final[dict[str, Promise]] = {
    Unit.URGENT_HOUR: _("紧急工作时"),
    Unit.URGENT_DAY: _("紧急工作日"),
    Unit.WORKING_HOUR: _("工作时"),
    Unit.WORKING_DAY: _("工作日"),
    Unit.STATUTORY_DAY: _("法定工作日"),
}


class CatalogueState(models.Model):
    """One row, whose token changes with every change of the catalogue: what processes key their caches by."""

    token = models.CharField(max_length=32)


class Standard(models.Model):
    """One edition of a national catalogue, or the county's own extensions (`LOCAL`)."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=100)
    # Blank where no source states the day.
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code

    @property
    def is_local(self) -> bool:
        return self.code == LOCAL


class MajorClass(models.Model):
    """大类 of an edition, or one that the county added (`LOCAL`)."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="majors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=4)
    name = models.CharField(max_length=50)

    class Meta:
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["standard", "kind", "code"], name="one_major_per_code")]

    def __str__(self) -> str:
        return self.name


class MinorClass(models.Model):
    """小类 of an edition; unique by (standard, kind, code), because 01001 is a part and a matter at once.

    A local extension belongs to `LOCAL`, but may stand under a national major (0199 under 01 of its edition).
    """

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="minors")
    major = models.ForeignKey(MajorClass, models.PROTECT, related_name="minors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Major and minor digits together: 4 in 2013 (0110), 5 in 2026 (06010).
    code = models.CharField(max_length=8)
    # Blank for the names that nobody could confirm.
    name = models.CharField(max_length=50, blank=True, default="")
    confidence = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["standard", "kind", "code"], name="one_minor_per_code")]

    def __str__(self) -> str:
        return self.name or self.code


class ClassMapping(models.Model):
    """What an older class became; `new` is null where the new edition has no successor."""

    old = models.ForeignKey(MinorClass, models.CASCADE, related_name="successors")
    new = models.ForeignKey(MinorClass, models.CASCADE, null=True, blank=True, related_name="predecessors")
    note = models.CharField(max_length=100, blank=True, default="")
    # The county's own decision, never part of a national edition; it counts where the edition has no successor.
    is_local = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "is_local"], name="one_successor_per_class")]


class FilingCondition(Dated):
    """立案条件 with its 结案条件. A changed wording is a new row with the next `version`."""

    minor = models.ForeignKey(MinorClass, models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=300)
    closing = models.CharField(max_length=300)
    # STARTING_SET for what ships with the product; else who worded it.
    origin = models.CharField(max_length=60)

    class Meta:
        ordering = ["minor", "number", "-version"]
        constraints = [models.UniqueConstraint(fields=["minor", "number", "version"], name="one_condition_per_version")]

    def __str__(self) -> str:
        return self.text

    @property
    def origin_label(self) -> str:
        return str(_("起始集，非国标原文")) if self.origin == STARTING_SET else self.origin


class ConditionLimit(models.Model):
    """处置时限 of a condition, for one area class; blank area class is the default."""

    condition = models.ForeignKey(FilingCondition, models.CASCADE, related_name="limits")
    area_class = models.CharField(max_length=10, blank=True, default="")
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    unit = models.CharField(max_length=20, choices=[(unit.value, UNIT_LABELS[unit]) for unit in Unit])

    class Meta:
        ordering = ["condition", "area_class"]
        constraints = [models.UniqueConstraint(fields=["condition", "area_class"], name="one_limit_per_area")]

    def __str__(self) -> str:
        return f"{self.amount.normalize():f} {UNIT_LABELS[self.unit]}"


class CountyClass(Dated):
    """The county's own catalogue: selected classes and local extensions, grouped under the county's majors."""

    minor = models.ForeignKey(MinorClass, models.PROTECT, related_name="county_classes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    major_code = models.CharField(max_length=4)
    major_name = models.CharField(max_length=50)
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=50)
    sort_order = models.IntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "kind", "code", "pk"]
        indexes = [
            models.Index(fields=["valid_from", "valid_to"]),
            models.Index(fields=["sort_order", "kind", "code"]),
            # What the register may be ordered by.
            models.Index(fields=["name"], name="county_class_name"),
            models.Index(fields=["code"], name="county_class_code"),
            models.Index(fields=["major_code"], name="county_class_major"),
        ]
        constraints = [models.UniqueConstraint(fields=["minor", "valid_from"], name="county_class_once_per_day")]

    def __str__(self) -> str:
        return self.name
