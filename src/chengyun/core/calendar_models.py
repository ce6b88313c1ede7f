"""Working calendars as stored: every version is whole and never changes, so that old deadlines stay explicable."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class WorkCalendar(models.Model):
    """One version. A blank region is the whole installation, a code prefix a subtree that has its own hours."""

    version = models.PositiveIntegerField(unique=True)
    region_code = models.CharField(max_length=12, blank=True, default="")
    name = models.CharField(max_length=100)  # what this version brought
    periods = models.JSONField()
    day_rule = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["version"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["region_code", "version"])]


class CalendarDay(models.Model):
    """A day off, or a weekend day that is worked (调休)."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days", db_index=False)
    date = models.DateField()
    is_working = models.BooleanField()
    name = models.CharField(max_length=50, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["calendar", "date"], name="one_state_per_calendar_day"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class PublishedYear(models.Model):
    """A year whose notice this version contains; every other year is served provisionally."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="published_years", db_index=False)
    year = models.PositiveSmallIntegerField()
    imported_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["calendar", "year"], name="one_notice_per_calendar_year"),
        ]
