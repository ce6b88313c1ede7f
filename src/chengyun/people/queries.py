from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from chengyun.core import instants
from chengyun.core.dated import DatedQuerySet
from chengyun.people.models import Appointment, Department, DutyShift, Post


def departments_on(day: dt.date) -> DatedQuerySet:
    return Department.objects.on(day)


def subtree(department: Department) -> DatedQuerySet:
    """The department and everything below it."""
    if not department.path:
        return Department.objects.filter(pk=department.pk)
    return Department.objects.filter(path__startswith=department.path)


def holders(post: Post, day: dt.date) -> DatedQuerySet:
    """Who works in the post that day, deputies included."""
    return Appointment.objects.filter(post=post).on(day).select_related("user", "deputy_for")


def on_duty(moment: dt.datetime | None = None) -> QuerySet[DutyShift]:
    """The turns running at `moment`; one that ends then has ended."""
    moment = moment or instants.now()
    running = DutyShift.objects.filter(starts_at__lte=moment, ends_at__gt=moment, is_cancelled=False)
    return running.select_related("user", "post__department")


def roster(first: dt.date, last: dt.date) -> QuerySet[DutyShift]:
    return DutyShift.objects.filter(day__range=(first, last)).select_related("user", "post__department")
