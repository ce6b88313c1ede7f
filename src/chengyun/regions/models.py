from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.core.dated import Dated


class Level(models.TextChoices):
    PREFECTURE = "prefecture", _("市")
    COUNTY = "county", _("县（区）")
    TOWNSHIP = "township", _("乡镇（街道）")
    COMMUNITY = "community", _("社区（村）")
    CELL = "cell", _("单元网格")


class RegionVersion(models.Model):
    """One imported set of regions. Exactly one version is active; cases keep the version they were filed in."""

    name = models.CharField(max_length=100)
    imported_at = models.DateTimeField()
    is_active = models.BooleanField(default=False)
    # True while an import fills it; what a killed import leaves behind is removed by the next one.
    is_staging = models.BooleanField(default=False)
    # Changes whenever something that `locate` answers with changes: the shapes, the grids, who has them.
    stamp = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="one_active_region_version"
            )
        ]


class Region(models.Model):
    """A node of the jurisdiction tree, down to the unit grid cell (单元网格, 15-digit code; GB/T 30428.1)."""

    version = models.ForeignKey(RegionVersion, models.CASCADE, related_name="regions")
    level = models.CharField(max_length=20, choices=Level.choices)
    # GB/T 2260: county 6, township 9, community 12 digits; cell 15 digits.
    code = models.CharField(max_length=15)
    parent_code = models.CharField(max_length=15, blank=True, default="", db_index=True)
    name = models.CharField(max_length=100, blank=True, default="")
    # Management area class (管理区域类别) that a filing condition's limit may depend on; blank is the default class.
    area_class = models.CharField(max_length=10, blank=True, default="")
    # WKB, WGS-84 degrees (lon, lat).
    shape = models.BinaryField()
    min_lon = models.FloatField()
    min_lat = models.FloatField()
    max_lon = models.FloatField()
    max_lat = models.FloatField()
    centre_lon = models.FloatField()
    centre_lat = models.FloatField()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_region_per_code")]
        indexes = [models.Index(fields=["version", "level"])]

    def __str__(self) -> str:
        return self.name or self.code


class ResponsibilityGrid(Dated):
    """Cells given to one collector and one department (责任网格).

    Given to somebody else, the row ends and another with the same code begins: a case keeps the one it was filed in.
    """

    code = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, blank=True)
    collector = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_grid_per_code_and_day")]

    def __str__(self) -> str:
        return self.name


class GridCell(models.Model):
    """A cell of a responsibility grid, by code, so that a new region version leaves the grid standing."""

    grid = models.ForeignKey(ResponsibilityGrid, models.CASCADE, related_name="cells")
    cell_code = models.CharField(max_length=15, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grid", "cell_code"], name="cell_once_per_grid")]


class NamedPlace(Dated):
    """A road, house number, estate, landmark or toilet: what people name when they say where."""

    class Kind(models.TextChoices):
        ROAD = "road", _("道路")
        HOUSE = "house", _("门牌")
        ESTATE = "estate", _("小区")
        LANDMARK = "landmark", _("标志物")
        TOILET = "toilet", _("公厕")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100, db_index=True)
    # A point on it, WGS-84 degrees; the shape (WKB) where a point says too little, as for a road.
    lon = models.FloatField()
    lat = models.FloatField()
    shape = models.BinaryField(null=True, blank=True)
    township_code = models.CharField(max_length=9, blank=True, default="", db_index=True)
    # The house number it has: the street as `finding.words.spelling` writes it, and the number on it.
    street = models.CharField(max_length=100, blank=True, default="")
    number = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["street", "number"], name="place_by_house_number")]

    def __str__(self) -> str:
        return self.name


class PlaceKey(models.Model):
    """Where a place stands in the index of names: its name from one of its characters on, as UTF-8 bytes.

    Bytes, because both databases sort them alike and find what begins so in the index, whatever their collation.
    """

    place = models.ForeignKey(NamedPlace, models.CASCADE, related_name="keys")
    key = models.BinaryField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["key"], name="place_key")]


class RegionTerm(models.Model):
    """From which day on a version counts; the newest row of the latest day that is not after today decides."""

    version = models.ForeignKey(RegionVersion, models.PROTECT, related_name="terms")
    from_day = models.DateField(db_index=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100)
    # Withdrawn before its day came.
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["from_day", "id"]


class RegionDraft(models.Model):
    """An import that is looked at before it is switched on: its regions, its faults, what would change."""

    class State(models.TextChoices):
        # What a killed import leaves stays here, is shown nowhere and is removed by the next import.
        FILLING = "filling", _("正在读入")
        CHECKED = "checked", _("待启用")
        USED = "used", _("已启用")
        DISCARDED = "discarded", _("已放弃")

    name = models.CharField(max_length=100)
    file_name = models.CharField(max_length=200)
    system = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    state = models.CharField(max_length=20, choices=State.choices, default=State.FILLING)
    version = models.ForeignKey(RegionVersion, models.SET_NULL, null=True, blank=True, related_name="drafts")
    # Level → number of regions; what differs from the version that was running.
    counts = models.JSONField(default=dict)
    differences = models.JSONField(default=dict)
    fault_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]


class DraftRegion(models.Model):
    """A region of a draft as the file has it, right or wrong; number 0 is taken over from the running version."""

    draft = models.ForeignKey(RegionDraft, models.CASCADE, related_name="regions")
    number = models.PositiveIntegerField()
    level = models.CharField(max_length=20, choices=Level.choices)
    code = models.CharField(max_length=20, blank=True)
    parent_code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=100, blank=True)
    area_class = models.CharField(max_length=10, blank=True)
    # WKB, WGS-84 degrees; may cross itself.
    shape = models.BinaryField()


class DraftFault(models.Model):
    """One fault of a draft; `shape` (WKB) is the land in question: an overlap, a gap, what lies outside."""

    draft = models.ForeignKey(RegionDraft, models.CASCADE, related_name="faults")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=30)
    field = models.CharField(max_length=30, blank=True)
    message = models.CharField(max_length=300)
    shape = models.BinaryField(null=True)

    class Meta:
        ordering = ["number", "id"]
