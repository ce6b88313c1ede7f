"""计划与目标: what the county wants of its figures in a year, per indicator, object and period.

What is reached is never stored here: it is measured when somebody looks.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengyun.core.dated import Dated
from chengyun.insight.figures.indicator import Better, Indicator, find
from chengyun.insight.figures.periods import Period
from chengyun.insight.targets.spans import EARLIEST, LATEST, Span, SpanKind, span_of
from chengyun.insight.targets.subjects import Subject, SubjectKind


class Plan(Dated):
    name = models.CharField(_("计划名称"), max_length=60)
    year = models.PositiveSmallIntegerField(
        _("年份"), validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    )
    words = models.TextField(_("说明"), max_length=2000, blank=True, default="")
    responsible = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任单位")
    )
    # Whose county it is of, as its reports have it; blank is everything.
    region_code = models.CharField(max_length=12, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("计划")
        indexes = [models.Index(fields=["year"], name="plan_year")]

    def __str__(self) -> str:
        return self.name


class PlanTarget(Dated):
    """目标: so much of an indicator, by one object, in one period. Which way is good the indicator says."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets", verbose_name=_("计划"))
    indicator = models.CharField(_("指标"), max_length=60)
    span_kind = models.CharField(max_length=8, choices=SpanKind.choices)
    first = models.DateField(_("起始日期"))
    last = models.DateField(_("截止日期"))
    subject_kind = models.CharField(_("对象"), max_length=12, choices=SubjectKind.choices)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    township_code = models.CharField(_("乡镇街道"), max_length=12, blank=True, default="")
    wanted = models.DecimalField(_("目标值"), max_digits=12, decimal_places=2)
    # In the indicator's unit: so far from it is yellow, not red.
    tolerance = models.DecimalField(_("容差"), max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("目标")
        indexes = [models.Index(fields=["first", "indicator"], name="target_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject_kind="county", department=None, township_code="")
                | Q(subject_kind="department", department__isnull=False, township_code="")
                | (Q(subject_kind="township", department=None) & ~Q(township_code="")),
                name="target_has_its_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_title} {self.span}"

    def get_absolute_url(self) -> str:
        return reverse("registers:row", args=["targets", self.pk])

    @property
    def known(self) -> Indicator | None:
        """None where a module that brought the indicator is gone."""
        return find(self.indicator)

    @property
    def indicator_title(self) -> str:
        return str(self.known.title) if self.known else self.indicator

    @property
    def unit(self) -> str:
        return str(self.known.unit) if self.known else ""

    @property
    def at_least(self) -> bool:
        """Whether more is better; else the value is to stay at most that high."""
        return self.known is not None and self.known.better == Better.MORE

    @property
    def span(self) -> Span:
        return span_of(self.span_kind, self.first)

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    @property
    def subject(self) -> Subject:
        key = {SubjectKind.DEPARTMENT: self.department_id, SubjectKind.TOWNSHIP: self.township_code}
        return Subject(self.subject_kind, key.get(SubjectKind(self.subject_kind)))
