"""绩效评价: schemes with their days, and results that were published and stand as they are."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengyun.insight.evaluation.objects import KINDS, SCHEMES
from chengyun.insight.word.versions import TemplateVersion


class Scheme(models.Model):
    """评价方案, one version of it, holding from a day on. Appended, never changed; of one day the newest holds.

    Without any row the shipped scheme holds (`defaults.py`).
    """

    kind = models.CharField(_("评价对象"), max_length=12, choices=list(SCHEMES.items()))
    # Whose county; blank is the whole installation.
    region_code = models.CharField(max_length=12, blank=True, default="")
    name = models.CharField(_("名称"), max_length=60)
    valid_from = models.DateField(_("生效日期"))
    # {"lines": […], "grades": […], "groups": […]}, as `schemes.plain` writes it.
    content = models.JSONField()
    note = models.CharField(_("说明"), max_length=500, blank=True, default="")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True, blank=True)
    made_by = models.CharField(max_length=50)

    class Meta:
        indexes = [models.Index(fields=["kind", "-valid_from", "-id"], name="scheme_in_force")]

    def __str__(self) -> str:
        return self.name


class PaperKind(models.TextChoices):
    BULLETIN = "bulletin", _("评价通报")
    OBJECTION = "objection", _("申诉处理单")


class PaperTemplate(TemplateVersion):
    kind = models.CharField(max_length=10, choices=PaperKind.choices)

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="paper_template_kind")]


class KeptTemplate(models.Model):
    """A bulletin's template as it was when results were published, once for all that went out with it."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.digest


class Publication(models.Model):
    """发布: the result of one kind, group and period, with everything that it rests on. A correction is a new version;
    no row is ever changed."""

    kind = models.CharField(_("评价对象"), max_length=20, choices=[(key, each.title) for key, each in KINDS.items()])
    # Of departments: the group that is ranked by itself.
    group = models.CharField(max_length=20, blank=True, default="")
    group_name = models.CharField(max_length=30, blank=True, default="")
    # As `spans` writes it: 2025, 2025-Q3, 2025-07, 2025-W31, 2025-07-14.
    period = models.CharField(_("周期"), max_length=10)
    length = models.CharField(max_length=8)
    first = models.DateField(_("起始日期"))
    last = models.DateField(_("截止日期"))
    region_code = models.CharField(max_length=12, blank=True, default="")
    version = models.PositiveIntegerField(_("版本"), default=1)
    # Why it was corrected; blank for the first version.
    reason = models.CharField(_("更正理由"), max_length=300, blank=True, default="")
    # The scheme in full, as it was (`schemes.plain`).
    scheme = models.JSONField()
    as_of_cursor = models.CharField(max_length=60)
    as_of_at = models.DateTimeField()
    # What its bulletin is written with; null before there were templates.
    template = models.ForeignKey(KeptTemplate, models.PROTECT, null=True, blank=True, related_name="+")
    # Over scheme, values, scores, ranks, the case ids and the template (`publishing.digest_of`).
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(null=True, blank=True)
    published_by = models.CharField(max_length=50)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "group", "period", "region_code", "version"], name="one_publication_per_version"
            )
        ]
        indexes = [models.Index(fields=["kind", "group", "length", "-first"], name="publication_course")]

    def __str__(self) -> str:
        return f"{self.kind} {self.group} {self.period} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:publication", args=[self.pk])


class PublishedRow(models.Model):
    """One object's part of a publication."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="rows")
    # In the order of the table: by rank, those without one last.
    place = models.PositiveIntegerField()
    # The department's or person's id, or the region's code; which of them says the publication's kind.
    key = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.CharField(max_length=10, blank=True, default="")
    rank = models.PositiveIntegerField(null=True, blank=True)
    previous_total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    previous_rank = models.PositiveIntegerField(null=True, blank=True)
    # The raw fact and its exemptions beside it; null where they cannot be told of such objects.
    late = models.PositiveIntegerField(null=True, blank=True)
    exempted = models.PositiveIntegerField(null=True, blank=True)
    # Line by line: {"value", "numerator", "denominator", "score", "weight"}.
    figures = models.JSONField()

    class Meta:
        ordering = ["publication", "place"]
        constraints = [models.UniqueConstraint(fields=["publication", "key"], name="one_row_per_object")]
        indexes = [models.Index(fields=["key", "-publication"], name="row_of_object")]

    def __str__(self) -> str:
        return self.name


class PublishedCases(models.Model):
    """The cases behind one measured part of a publication, for all its objects (`packing`)."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="behind")
    # Parts that count the same rows are kept once: `lines` says which, as "0/of", "2/over", "late".
    parts = models.JSONField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["publication", "id"]

    def __str__(self) -> str:
        return f"{self.publication_id} {', '.join(self.parts)}"


class Objection(models.Model):
    """申诉 of an evaluated unit against one line of its published row; what was published stays as it is."""

    class State(models.TextChoices):
        OPEN = "open", _("待裁定")
        UPHELD = "upheld", _("成立")
        REJECTED = "rejected", _("不成立")
        WITHDRAWN = "withdrawn", _("已撤回")

    row = models.ForeignKey(PublishedRow, models.CASCADE, related_name="objections")
    # Place of the line in the frozen scheme.
    line = models.PositiveSmallIntegerField()
    words = models.CharField(_("申诉内容"), max_length=500)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=50)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Every decision is taken on the version that its taker saw.
    version = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(_("裁定理由"), max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by = models.CharField(max_length=50, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_id = models.BigIntegerField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row", "line"], condition=models.Q(state="open"), name="one_open_objection")
        ]
        indexes = [models.Index(fields=["state", "-id"], name="objection_state")]

    def __str__(self) -> str:
        return f"{self.row_id}/{self.line} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:objection", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN
