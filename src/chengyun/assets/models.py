"""The register of components (部件): what stands in the county's streets, each thing with its 17-digit identifier."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengyun.core.dated import Dated

is_identifier = RegexValidator(
    r"^\d{17}\Z", _("标识码应为 17 位数字：6 位区划、5 位小类、6 位顺序。")
)  # fmt: skip


class State(models.TextChoices):
    """部件状态 (GLBJZT) as GB/T 47678.5-2026 names them."""

    INTACT = "intact", _("完好")
    DAMAGED = "damaged", _("破损")
    LOST = "lost", _("丢失")
    ABANDONED = "abandoned", _("废弃")
    REMOVED = "removed", _("移除")


class Origin(models.TextChoices):
    """数据来源 (SJLY)."""

    SURVEYED = "surveyed", _("实测")
    MAP = "map", _("地形图")
    BASE_DATA = "base_data", _("基础地理数据")
    OTHER = "other", _("其他")


class Accuracy(models.TextChoices):
    """Class of the position: ±0.5 m, ±1 m, ±10 m."""

    A = "A", _("A（±0.5 米）")
    B = "B", _("B（±1 米）")
    C = "C", _("C（±10 米）")


class Unit(models.Model):
    """A unit that answers for components as the survey names it: code (统一社会信用代码, 18 digits) and name.

    `department` is set where it is one of the county's own, which then finds its components.
    """

    code = models.CharField(_("单位代码"), max_length=18, blank=True, default="")
    name = models.CharField(_("单位名称"), max_length=100)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("对应部门")
    )

    class Meta:
        ordering = ["name", "code"]
        verbose_name = _("部件单位")
        constraints = [models.UniqueConstraint(fields=["code", "name"], name="one_unit_per_code_and_name")]

    def __str__(self) -> str:
        return self.name


class Caption(models.Model):
    """The words by which components are found: name and road, once for the many that share them."""

    text = models.CharField(max_length=140, unique=True)

    def __str__(self) -> str:
        return self.text


class SurveyImport(models.Model):
    """One file of a census (普查) brought in: first into the staging table, then switched in one step."""

    class Stage(models.TextChoices):
        STAGING = "staging", _("读入中")
        DONE = "done", _("已生效")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    system = models.CharField(max_length=20)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.STAGING)
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=50)
    # read, created, changed, same, bad, noted
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.file_name


class ComponentFields(models.Model):
    """The attributes of GB/T 47678.5-2026 table 2 (pinyin short names beside them), and what follows from them."""

    identifier = models.CharField(_("标识码"), max_length=17, validators=[is_identifier])  # GLBJBSM
    # Sixteen digits of a census under the edition of 2013.
    former_identifier = models.CharField(_("原标识码"), max_length=20, blank=True, default="")
    name = models.CharField(_("名称"), max_length=30)  # GLBJMC
    minor = models.ForeignKey(
        "taxonomy.MinorClass", models.PROTECT, related_name="+", db_index=False, verbose_name=_("小类")
    )
    class_code = models.CharField(_("小类代码"), max_length=5)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.INTACT)  # GLBJZT
    manager = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("主管部门")
    )  # ZGBMDM, ZGBMMC
    owner = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, db_index=False, verbose_name=_("权属单位")
    )  # QSDWDM, QSDWMC
    maintainer = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, db_index=False, verbose_name=_("养护单位")
    )  # YHDWDM, YHDWMC
    # WGS-84 (CGCS2000 agrees within our accuracy) degrees.
    lon = models.FloatField(_("经度"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    lat = models.FloatField(_("纬度"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    accuracy = models.CharField(_("精度等级"), max_length=1, blank=True, default="", choices=Accuracy.choices)
    # Where the point lies: SZJDDM, SZSQDM, SZDYWGBSM. Names come from the regions.
    township_code = models.CharField(_("街道乡镇"), max_length=9, blank=True, default="")
    community_code = models.CharField(_("社区（村）"), max_length=12, blank=True, default="")
    cell_code = models.CharField(_("单元网格"), max_length=15, blank=True, default="")
    road = models.CharField(_("所在道路"), max_length=100, blank=True, default="")
    initial_date = models.DateField(_("初始日期"))  # CSRQ
    changed_date = models.DateField(_("变更日期"), null=True, blank=True)  # BGRQ
    source = models.CharField(_("数据来源"), max_length=10, blank=True, default="", choices=Origin.choices)  # SJLY
    note = models.CharField(_("备注"), max_length=1000, blank=True, default="")  # BZ
    # What follows from the columns above: the words it is found by, the place in whole numbers (see `mercator`), and a
    # digest by which an import sees at once whether anything differs.
    caption = models.ForeignKey(Caption, models.PROTECT, related_name="+", db_index=False)
    x = models.IntegerField(default=0)
    y = models.IntegerField(default=0)
    digest = models.CharField(max_length=32, default="", blank=True)

    class Meta:
        abstract = True


class Component(ComponentFields, Dated):
    """A component. In service while `valid_to` is blank; a retired one keeps its row, its cases and its history."""

    first_import = models.ForeignKey(
        SurveyImport, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("部件")
        constraints = [
            models.UniqueConstraint(
                fields=["identifier"],
                name="one_component_per_identifier",
                violation_error_message=_("标识码已被使用。"),
            )
        ]
        indexes = [
            # Near a point, and in a tile; holds all that a heap of points needs.
            models.Index(
                fields=["y", "x", "class_code", "state"],
                condition=models.Q(valid_to__isnull=True),
                name="component_place",
            ),
            # Lists, newest first within each filter.
            models.Index(fields=["class_code", "-id"], name="component_class"),
            models.Index(fields=["township_code", "-id"], name="component_township"),
            models.Index(fields=["manager", "-id"], name="component_manager"),
            models.Index(fields=["caption", "-id"], name="component_caption"),
            models.Index(fields=["state", "-id"], condition=~models.Q(state="intact"), name="component_state"),
            models.Index(
                fields=["former_identifier"], condition=~models.Q(former_identifier=""), name="component_former"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.identifier}"

    def get_absolute_url(self) -> str:
        return reverse("assets:component", args=[self.identifier])

    @property
    def is_in_service(self) -> bool:
        return self.valid_to is None


class StagedComponent(ComponentFields):
    """A row of a running import, checked and ready: new, or with `component` the one that it changes."""

    survey = models.ForeignKey(SurveyImport, models.CASCADE, related_name="staged")
    row = models.PositiveIntegerField()
    component = models.ForeignKey(Component, models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["survey", "component"], name="staged_component")]


class RegisterStamp(models.Model):
    """One row; its serial grows with every change of a component, so that kept tiles know that they are old."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    serial = models.BigIntegerField(default=0)
