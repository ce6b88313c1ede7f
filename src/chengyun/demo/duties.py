"""The county's duty list: every class of its catalogue has a department; in the countryside often the township."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache

from django.db import transaction

from chengyun.casework.dispatch.services.duties import Duty, store_duty
from chengyun.casework.dispatch.services.state import announce
from chengyun.demo.county import names
from chengyun.demo.subjects import Subject, subject_for
from chengyun.people.models import Department
from chengyun.taxonomy import queries as taxonomy
from chengyun.taxonomy.models import CountyClass, MinorClass

SINCE = dt.date(2020, 1, 1)
TOWNSHIPS = tuple(township.code for township in names.townships())
STREETS = tuple(township.code for township in names.townships() if township.is_town)


@transaction.atomic
def write_duty_list(departments: Mapping[str, Department]) -> int:
    """One county-wide row per class, one more per township that answers itself; the number of rows."""
    townships = {each.region_code: each for each in departments.values() if each.region_code in TOWNSHIPS}
    duties = [duty for minor in _filing_classes() for duty in _duties(minor, departments, townships)]
    for duty in duties:
        store_duty(duty, SINCE)
    announce("added", "demo")
    return len(duties)


def _filing_classes() -> list[MinorClass]:
    """What the county's classes of every generation are filed as today; a row for it serves them all."""
    classes = CountyClass.objects.select_related("minor__standard", "minor__major")
    found = {minor.pk: minor for minor in (taxonomy.filing_class(each.minor) for each in classes)}
    return [found[key] for key in sorted(found)]


def _duties(
    minor: MinorClass, departments: Mapping[str, Department], townships: Mapping[str, Department]
) -> Iterable[Duty]:
    subject = subject_for(minor.name)
    # A small county has only some departments; the enforcement bureau takes what nobody else is there for.
    owner = departments.get(subject.owner) or departments["ZF"]
    others = [departments[code] for code in co_handlers(minor.name) if code in departments]
    co = tuple(other.pk for other in others if other != owner)
    yield Duty(minor.pk, owner.pk, co_department_ids=co)
    for code, township in townships.items():
        if answers_itself(subject, code):
            yield Duty(minor.pk, township.pk, region_code=code)


def co_handlers(class_name: str) -> list[str]:
    return [co for keyword, co in _co_handlers() if keyword in class_name]


@cache
def _co_handlers() -> list[tuple[str, str]]:
    return [(row["keyword"], row["co"]) for row in names.rows("co_handlers")]


def answers_itself(subject: Subject, township_code: str) -> bool:
    """A rural township sweeps before its own door; the town's street offices do so in a few things only."""
    if township_code in STREETS:
        return subject.in_streets
    return subject.in_townships and township_code in TOWNSHIPS


def owner_code(subject: Subject, township_code: str) -> str:
    """The code of the department that the duty list names for this subject in this township."""
    if answers_itself(subject, township_code):
        return f"T{township_code[6:]}"
    return subject.owner
